/**
 * `deno task bench:recorder`: what a record costs by itself: CPU time of the whole process while requests end at a steady
 * pace, less what the same pace costs without a recorder. `memory` or `file` measures that one alone, to be profiled.
 */

import process from "node:process";
import { parseConfig } from "../gateway/config/mod.ts";
import type { Observation } from "../gateway/observation.ts";
import { createRecorder, type Recorder } from "../gateway/recorder.ts";
import { createRedactor } from "../gateway/redact.ts";
import { kvDatabase } from "../records/open_kv.ts";
import { createStore } from "../records/resilient_store.ts";
import type { Store } from "../records/store.ts";
import { median } from "./load.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 7);
const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 3);
/** Requests that end together, every so many milliseconds. */
const PACES = [[20, 50], [50, 50], [100, 50]] as const;

/** Ten times in half a second. */
const WARM_UP = 500;

type Pace = readonly [together: number, every: number];

/** As a gateway notes them: of an answer to a chat client, with nothing shared between two of them. */
function observationOf(at: number): Observation {
  const startedAt = Date.now() - 8;
  const text = `Streams carry pieces of an answer as they come, so that nobody waits for the last one (${at}).`;
  const body = JSON.stringify({ model: "bench/bench", messages: [{ role: "user", content: text }], stream: true });
  return {
    id: `req_${crypto.randomUUID().replaceAll("-", "")}`,
    ...{ startedAt, dialect: "openai_chat", stream: true, owner: "", model: "bench/bench", provider: "bench" },
    ...{ upstreamModel: "bench", responseModel: "bench", mode: "real", status: 200, end: "done", finish: "stop" },
    ...{ resolvedAt: startedAt + 1, openedAt: startedAt + 3, ttft: 3 + at % 7, contentTime: 4 + at % 11, chunks: 64 },
    attempts: [{
      ...{ provider: "bench", model: "bench", key: 1, streamed: true, outcome: "began" },
      ...{ startedAt: startedAt + 1, milliseconds: 2 + at % 3 },
    }],
    lost: [],
    usage: { input: 40 + at % 50, output: 64 },
    body,
    request: JSON.parse(body),
    reply: {
      ...{ id: `chatcmpl-${at}`, model: "bench" },
      choices: [{ parts: [{ type: "text", text: text.repeat(4) }], finish: { reason: "stop", raw: "stop" } }],
      usage: { input: 40 + at % 50, output: 64 },
    },
    http: {
      ...{ method: "POST", path: "/v1/chat/completions", address: "127.0.0.1", userAgent: "OpenAI/JS 7.55.0" },
      ...{ received: body.length, sent: 15_000 + at % 50 },
    },
  };
}

function recorderOver(store: Store): Recorder {
  const outcome = parseConfig({ env: {} });
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  return createRecorder({
    ...{ store, settings: outcome.config.records, redact: createRedactor(["bench-upstream-key"]).redact },
    log: { debug() {}, info() {}, warn: console.warn, error: console.error },
    ...{ instance: crypto.randomUUID(), closing: new AbortController().signal },
  });
}

/** CPU microseconds a request. */
async function measure([together, every]: Pace, recorder?: Recorder, seconds = SECONDS): Promise<number> {
  const requests = Math.round(seconds * 1000 / every) * together;
  const before = process.cpuUsage();
  for (let at = 0; at < requests; at += together) {
    for (let one = 0; one < together; one++) {
      const observation = observationOf(at + one);
      recorder?.finished(observation, Date.now());
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  await recorder?.settled();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

async function compare(recorders: Record<string, Recorder>, pace: Pace) {
  const added: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const without = await measure(pace);
    for (const [name, recorder] of Object.entries(recorders)) {
      (added[name] ??= []).push(await measure(pace, recorder) - without);
    }
  }
  const [together, every] = pace;
  const cells = Object.entries(added).map(([name, costs]) => [`${name} adds µs`, median(costs).toFixed(1)]);
  return { pace: `${together} every ${every} ms`, ...Object.fromEntries(cells) };
}

const folder = await Deno.makeTempDir();
const options = { now: Date.now, log: { info() {}, warn: console.warn } };
const stores = {
  memory: createStore({ ...options, ...kvDatabase({ url: "memory", hosted: false }) }),
  file: createStore({ ...options, ...kvDatabase({ url: `${folder}/kv.sqlite3`, hosted: false }) }),
};
try {
  const wanted = Object.entries(stores).filter(([name]) => Deno.args.length === 0 || Deno.args.includes(name));
  const recorders = Object.fromEntries(wanted.map(([name, store]) => [name, recorderOver(store)]));
  // What is compiled while it runs must not be measured.
  for (const recorder of [undefined, ...Object.values(recorders)]) await measure([WARM_UP, 50], recorder, 0.5);
  const table = [];
  for (const pace of PACES) table.push(await compare(recorders, pace));
  console.log(`Load ${Deno.loadavg().map((load) => load.toFixed(1)).join(" ")}; ${ROUNDS} rounds of ${SECONDS} s`);
  console.table(table);
} finally {
  await Promise.all(Object.values(stores).map((store) => store.close()));
  await Deno.remove(folder, { recursive: true });
}
