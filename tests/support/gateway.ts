/** The whole gateway on a real socket, with its log in the test's hand. */

import { createApp } from "../../app.ts";
import { parseConfig } from "../../gateway/config/mod.ts";
import { createPorts } from "../../gateway/ports.ts";
import catalogue from "../../models.json" with { type: "json" };
import type { Store } from "../../records/store.ts";
import type { MockUpstream } from "./mock_upstream.ts";

export interface TestGateway {
  url: string;
  /** Every log line, parsed. */
  logs: Record<string, unknown>[];
  /** The log lines as they were written. */
  lines: string[];
  /** Posts a chat completion. */
  chat(
    body: Record<string, unknown>,
    init?: { headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Response>;
  /** The log line of a request, once it is written. */
  logged(match?: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  env?: Record<string, string>;
  toml?: string;
  /** Becomes the OpenAI-compatible provider `up`. */
  upstream?: MockUpstream;
  /** In place of the gateway's own. */
  store?: Store;
  /** In place of models.json. */
  models?: unknown;
  /** In place of the clock. */
  now?: () => number;
}

export function startGateway(
  { env = {}, toml, upstream, store, now, models = catalogue }: TestGatewayOptions = {},
): TestGateway {
  const outcome = parseConfig({
    env: {
      LOG_FORMAT: "json",
      ...(upstream && {
        PROVIDER_UP_TYPE: "openai",
        PROVIDER_UP_ENDPOINT: `${upstream.url}/v1`,
        PROVIDER_UP_API_KEY: "upstream-key-1",
        PROVIDER_UP_MODELS: "up-model",
      }),
      ...env,
    },
    ...(toml !== undefined && { toml }),
    models,
  });
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  const lines: string[] = [];
  const closing = new AbortController();
  const ports = createPorts({
    config: outcome.config,
    closing: closing.signal,
    write: (compose) => lines.push(compose()),
  });
  const app = createApp(outcome, { ...ports, ...(store && { store }), ...(now && { now }) });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const logs = () => lines.map((line) => JSON.parse(line));
  return {
    url,
    lines,
    get logs() {
      return logs();
    },
    chat: (body, init = {}) =>
      fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", ...init.headers },
        body: JSON.stringify({ messages: [{ role: "user", content: "Hi" }], ...body }),
        ...(init.signal && { signal: init.signal }),
      }),
    async logged(match = () => true) {
      for (let attempt = 0; attempt < 500; attempt++) {
        const found = logs().find((line) => line.message === "request" && match(line));
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error(`Cannot find the request's line in ${lines.join("\n")}`);
    },
    async close() {
      closing.abort();
      await server.shutdown();
    },
  };
}
