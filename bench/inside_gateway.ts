/** The gateway alone in one process, with an upstream that is a function. */

import { createApp } from "../app.ts";
import { parseConfig } from "../gateway/config/mod.ts";
import { createPorts } from "../gateway/ports.ts";
import { createMemoryStore } from "../records/memory_store.ts";
import { openai } from "./answers.ts";
import { byteStream } from "./byte_stream.ts";
import { gatewayEnv, plain, stream } from "./works.ts";

export interface InsideWork {
  body: unknown;
  headers?: Record<string, string>;
}

export const INSIDE_WORKS = {
  plain: { body: plain },
  stream: { body: stream },
  fake: { body: stream, headers: { "x-stream-mode": "fake" } },
} as const satisfies Record<string, InsideWork>;

const utf8 = new TextEncoder();
const frames = openai.frames.map((frame) => utf8.encode(frame));

function answerWithoutNetwork(_url: unknown, init?: RequestInit): Promise<Response> {
  if (String(init?.body).includes('"stream":true')) {
    return Promise.resolve(new Response(byteStream(frames), { headers: { "content-type": "text/event-stream" } }));
  }
  return Promise.resolve(new Response(openai.whole, { headers: { "content-type": "application/json" } }));
}

/** A gateway without a network; `env` is added to that of the load benchmark. */
export function createInside(env: Record<string, string> = {}) {
  const outcome = parseConfig({ env: { ...gatewayEnv(8000, "http://127.0.0.1:1"), ...env } });
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  const closing = new AbortController().signal;
  const ports = createPorts({ config: outcome.config, closing, write: (compose) => void compose() });
  // What watches connections being made has none to watch.
  const { connect: _, ...rest } = ports;
  const store = createMemoryStore({ now: Date.now, limit: 64e6 });
  return createApp(outcome, { ...rest, fetch: answerWithoutNetwork, store });
}

/** Asks it once, and reads the answer to its end. */
export function insideCaller(app: ReturnType<typeof createInside>, work: InsideWork): () => Promise<void> {
  const body = JSON.stringify(work.body);
  const headers = { "content-type": "application/json", "content-length": String(body.length), ...work.headers };
  return async () => {
    const request = new Request("http://localhost/v1/chat/completions", { method: "POST", headers, body });
    const response = await app.fetch(request);
    if (response.status !== 200) throw new Error(`Cannot measure as the answer was ${await response.text()}`);
    await response.arrayBuffer();
  };
}
