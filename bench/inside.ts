/**
 * `deno task bench:inside plain|stream|fake`: the gateway alone in one process, with an upstream that is a function. Prints
 * the CPU time of a request in the quietest of many rounds; with `--cpu-prof` before the file, the profile shows where it goes.
 */

import process from "node:process";
import { createApp } from "../app.ts";
import { parseConfig } from "../gateway/config/mod.ts";
import { createPorts } from "../gateway/ports.ts";
import { createMemoryStore } from "../records/memory_store.ts";
import { openai } from "./answers.ts";
import { gatewayEnv, plain, stream } from "./works.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 20);

const WORKS: Record<string, { body: unknown; headers?: Record<string, string>; requests: number }> = {
  plain: { body: plain, requests: 400 },
  stream: { body: stream, requests: 100 },
  fake: { body: stream, headers: { "x-stream-mode": "fake" }, requests: 300 },
};

const utf8 = new TextEncoder();
const frames = openai.frames.map((frame) => utf8.encode(frame));

/** A byte stream, as the body of a fetch is. */
function streamed(): Response {
  let at = 0;
  const body = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const frame = frames[at++];
      if (frame !== undefined) return controller.enqueue(frame.slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

function answerWithoutNetwork(_url: unknown, init?: RequestInit): Promise<Response> {
  if (String(init?.body).includes('"stream":true')) return Promise.resolve(streamed());
  return Promise.resolve(new Response(openai.whole, { headers: { "content-type": "application/json" } }));
}

function createInside() {
  const outcome = parseConfig({ env: gatewayEnv(8000, "http://127.0.0.1:1") });
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  const closing = new AbortController().signal;
  const ports = createPorts({ config: outcome.config, closing, write: () => {} });
  // What watches connections being made has none to watch.
  const { connect: _, ...rest } = ports;
  const store = createMemoryStore({ now: Date.now, limit: 64e6 });
  return createApp(outcome, { ...rest, fetch: answerWithoutNetwork, store });
}

const name = Deno.args[0] ?? "plain";
const work = WORKS[name];
if (work === undefined) throw new Error(`Cannot measure ${name} as it is none of ${Object.keys(WORKS).join(", ")}`);
const app = createInside();
const text = JSON.stringify(work.body);
const headers = { "content-type": "application/json", "content-length": String(text.length), ...work.headers };

async function ask(): Promise<void> {
  const request = new Request("http://localhost/v1/chat/completions", { method: "POST", headers, body: text });
  const response = await app.fetch(request);
  if (response.status !== 200) throw new Error(`Cannot measure as the answer was ${await response.text()}`);
  await response.arrayBuffer();
}

const costs: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const before = process.cpuUsage();
  for (let at = 0; at < work.requests; at++) await ask();
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / work.requests);
}
console.log(`${name}: ${Math.min(...costs.slice(ROUNDS / 4)).toFixed(1)} µs a request`);
Deno.exit(0);
