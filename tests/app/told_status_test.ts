/** Log and records have the status that the client was told, whatever its dialect makes of the failure. */

import assert from "node:assert/strict";
import { createApp } from "../../app.ts";
import { ERROR_KINDS, type ErrorKind, GatewayError } from "../../chat/error.ts";
import { parseConfig } from "../../gateway/config/mod.ts";
import { createPorts } from "../../gateway/ports.ts";
import { ADMIN, ADMIN_KEY } from "../support/admin.ts";
import { CALLER_LIST } from "../support/callers.ts";

/** Every route that is told in the log, with what is asked there. */
const ASKED: readonly (readonly [name: string, path: string, body: unknown])[] = [
  ...CALLER_LIST.flatMap((caller) =>
    [true, false].map((stream) => {
      const ask = { model: "up/up-model", stream };
      return [`${caller.dialect}${stream ? ", streamed" : ""}`, caller.path(ask), caller.body(ask)] as const;
    })
  ),
  ["completions", "/v1/completions", { model: "up/up-model", prompt: "Hi" }],
  ["generate", "/api/generate", { model: "up/up-model", prompt: "Hi" }],
  ["embeddings", "/v1/embeddings", { model: "up/up-model", input: "Hi" }],
];

for (const [name, path, body] of ASKED) {
  Deno.test(`log, metrics and record have the status that a client was told, for each kind of failure: ${name}`, async (test) => {
    for (const kind of Object.keys(ERROR_KINDS) as ErrorKind[]) {
      const failure = new GatewayError(kind, "Cannot answer as the test has it");
      await test.step(`${kind}, told by the upstream`, () => compare({ path, body: JSON.stringify(body) }, failure));
      await test.step(`${kind}, before any upstream is asked`, () => compare({ path, body: broken(failure) }, failure));
    }
  });
}

async function compare({ path, body }: { path: string; body: BodyInit }, failure: GatewayError): Promise<void> {
  const { ask, logged, settled } = gatewayFailing(failure);
  // Headers by which a path that is shared would be another dialect's.
  const headers = { "anthropic-version": "2023-06-01", "x-goog-api-key": "any" };
  const response = await ask(path, { method: "POST", headers, body });
  await response.body?.cancel();
  const line = logged();
  assert.deepEqual([line.status, line.error_status], [response.status, response.status]);

  await settled();
  const { requests: [summary] } = await (await ask("/admin/requests", { headers: ADMIN })).json();
  const record = await (await ask(`/admin/requests/${summary.id}`, { headers: ADMIN })).json();
  assert.deepEqual([summary.status, record.failure.status], [response.status, response.status]);

  const metrics = await (await ask("/metrics", { headers: ADMIN })).text();
  assert.match(metrics, new RegExp(`anystream_requests_total\\{.*status="${response.status}"`));
}

/** A gateway whose upstream fails with it. */
function gatewayFailing(failure: GatewayError) {
  const env = {
    ADMIN_KEY,
    LOG_FORMAT: "json",
    MAX_RETRIES: "1",
    PROVIDER_UP_TYPE: "openai",
    PROVIDER_UP_ENDPOINT: "http://upstream.invalid/v1",
    PROVIDER_UP_API_KEY: "upstream-key-1",
    PROVIDER_UP_MODELS: "up-model",
  };
  const outcome = parseConfig({ env });
  assert("config" in outcome);
  const lines: string[] = [];
  const { config } = outcome;
  const closing = new AbortController();
  const ports = createPorts({ config, closing: closing.signal, write: (compose) => lines.push(compose()) });
  const app = createApp(outcome, {
    ...ports,
    connect: () => Promise.resolve(),
    fetch: () => Promise.reject(failure),
  });
  return {
    ask: (path: string, init: RequestInit) => Promise.resolve(app.request(path, init)),
    logged: () => lines.map((line) => JSON.parse(line)).find(({ message }) => message === "request"),
    /** Resolves when all is kept: nothing is gathered for long once the gateway is about to end. */
    settled() {
      closing.abort();
      return ports.ending.done();
    },
  };
}

/** A body that cannot be read. */
function broken(failure: GatewayError): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.error(failure) });
}
