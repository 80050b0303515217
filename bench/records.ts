/** `deno task bench:records`: how long the admin routes take over 100,000 records, in a file of Deno KV and in memory. */

import { type App, createApp } from "../app.ts";
import { parseConfig } from "../gateway/config/mod.ts";
import type { Config } from "../gateway/config/mod.ts";
import type { Observation } from "../gateway/observation.ts";
import { createPorts } from "../gateway/ports.ts";
import { createRecorder } from "../gateway/recorder.ts";
import { HOUR } from "../records/hour_totals.ts";
import { kvDatabase } from "../records/open_kv.ts";
import { createStore } from "../records/resilient_store.ts";
import type { Store } from "../records/store.ts";
import process from "node:process";
import { median } from "./load.ts";

const RECORDS = Number(Deno.env.get("BENCH_RECORDS") ?? 100_000);
const DAYS = 30;
const ROUNDS = 7;
const TARGET = 300;
const ADMIN_KEY = "bench-admin-key";

const MODELS = ["gpt-4o", "claude-opus", "gemini-pro", "deepseek-chat", "llama-70b", "qwen-max", "mistral-large"];
const DIALECTS = ["openai_chat", "anthropic", "gemini", "openai_responses", "ollama"] as const;

/** What is asked for, and in how many pages at most: 1 where the first must have it. */
const ASKED: [string, string][] = [
  ["newest page", "requests"],
  ["page of 500", "requests?limit=500"],
  ["model", "requests?model=gpt-4o"],
  ["model, rare", "requests?model=rare-model"],
  ["model, absent", "requests?model=absent"],
  ["provider", "requests?provider=openai"],
  ["provider, rare", "requests?provider=rare-provider"],
  ["key", "requests?key=key-3"],
  ["key, rare", "requests?key=rare-key"],
  ["dialect", "requests?dialect=ollama"],
  ["status", "requests?status=200"],
  ["status, rare", "requests?status=418"],
  ["status class", "requests?status=5"],
  ["end", "requests?end=failed"],
  ["model and status", "requests?model=claude-opus&status=418"],
  ["text, common", "requests?text=stream"],
  ["text, rare", "requests?text=needle"],
  ["text and model", "requests?text=needle&model=rare-model"],
  ["text, absent", "requests?text=absent-word"],
];

/** No two texts are alike, as with people. */
function words(count: number): string {
  return Array.from({ length: count }, () => Math.random().toString(36).slice(2, 8)).join(" ");
}

function observationOf(at: number, startedAt: number): Observation {
  const isRare = at === Math.floor(RECORDS / 50);
  const isFailed = at % 97 === 0;
  const model = isRare ? "rare-model" : MODELS[at % MODELS.length]!;
  const content = `${isRare ? "Where is the needle" : "Say a few words about streams, please"}: ${words(10)}`;
  return {
    id: crypto.randomUUID(),
    startedAt,
    dialect: DIALECTS[at % 5]!,
    stream: at % 3 !== 0,
    key: isRare ? "rare-key" : `key-${at % 10}`,
    model: `${at % 2 === 0 ? "openai/" : ""}${model}`,
    provider: isRare ? "rare-provider" : ["openai", "anthropic", "relay"][at % 3]!,
    upstreamModel: model,
    mode: "auto",
    attempts: [{
      ...{ provider: "openai", model, streamed: true, outcome: isFailed ? "upstream-failure" : "began" },
      ...{ startedAt: startedAt + 2, milliseconds: 300 },
    }],
    lost: [],
    owner: "",
    chunks: 64,
    status: isRare ? 418 : isFailed ? 502 : 200,
    end: isFailed ? "failed" : "done",
    finish: "stop",
    ttft: 300 + at % 1000,
    contentTime: 2_000,
    usage: { input: 100 + at % 900, output: 10 + at % 90 },
    request: { messages: [{ role: "user", parts: [{ type: "text", text: content }] }] } as unknown as NonNullable<
      Observation["request"]
    >,
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
    reply: { id: "r", model, choices: [{ parts: [{ type: "text", text: words(40) }] }] },
    http: { method: "POST", path: "/v1/chat/completions", address: "127.0.0.1", userAgent: "bench/1" },
  };
}

/** Through the recorder, as a gateway writes them; milliseconds it took. */
async function fill(store: Store, { records: settings }: Config, end: number): Promise<number> {
  const log = { debug() {}, info() {}, warn: console.warn, error: console.error };
  const closing = new AbortController().signal;
  const recorder = createRecorder({ store, settings, redact: (text) => text, log, instance: "bench", closing });
  const begin = performance.now();
  for (let at = 0; at < RECORDS; at++) {
    const startedAt = Math.floor(end - DAYS * 24 * HOUR * (1 - at / RECORDS));
    recorder.finished(observationOf(at, startedAt), startedAt + 2_500);
    if (at % 2_000 === 1_999) await recorder.settled();
  }
  await recorder.settled();
  return performance.now() - begin;
}

async function ask(app: App, path: string) {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const [begin, cpu] = [performance.now(), process.cpuUsage()];
  const response = await app.request(`/admin/${path}`, { headers });
  const body = await response.json();
  const milliseconds = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  if (response.status !== 200) throw new Error(`Cannot measure as ${path} was answered ${response.status}`);
  return { milliseconds, cpu: (user + system) / 1000, body };
}

/** Pages until something is found, or all is searched; the slowest page counts. */
async function measure(app: App, [name, path]: [string, string]) {
  const slowest: number[] = [];
  const costs: number[] = [];
  let [pages, found] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[] = [];
    [pages, found] = [0, 0];
    let next: string | null = "";
    do {
      const { milliseconds, cpu, body }: Awaited<ReturnType<typeof ask>> = await ask(app, path + next);
      times.push(milliseconds);
      costs.push(cpu);
      pages++;
      found = body.requests?.length ?? body.groups.length;
      next = body.next ? `${path.includes("?") ? "&" : "?"}before=${encodeURIComponent(body.next)}` : null;
    } while (found === 0 && next !== null);
    slowest.push(Math.max(...times));
  }
  const [worst, middle] = [Math.max(...slowest), median(slowest)];
  return {
    asked: name,
    found,
    pages,
    "CPU ms": Math.round(median(costs)),
    "median ms": Math.round(middle),
    "worst ms": Math.round(worst),
    ok: worst < TARGET,
  };
}

/** A page from the middle of the list, by its cursor. */
async function deepPage(app: App, end: number): Promise<string> {
  const { body } = await ask(app, `requests?to=${Math.floor(end - DAYS / 2 * 24 * HOUR)}&limit=50`);
  return body.next;
}

async function run(name: string, database: ReturnType<typeof kvDatabase>): Promise<void> {
  const outcome = parseConfig({ env: { ADMIN_KEY, RECORD_BODIES: "full", RECORD_EXPIRE: String(90 * 24 * HOUR) } });
  if ("problems" in outcome) throw new Error(JSON.stringify(outcome.problems));
  const ports = createPorts({
    config: outcome.config,
    closing: new AbortController().signal,
    write: (compose) => void compose(),
  });
  const store = createStore({ ...database, now: Date.now, log: ports.log, limit: 4e9, timeout: 60_000 });
  const app = createApp(outcome, { ...ports, store });
  const end = Date.now();
  const filling = await fill(store, outcome.config, end);
  const table = [];
  const overviews: [string, string][] = ["provider", "model", "key"].map((by) => [
    `overview of ${DAYS} days by ${by}`,
    `overview?by=${by}&from=${end - DAYS * 24 * HOUR}`,
  ]);
  const deep: [string, string] = ["deep page", `requests?before=${encodeURIComponent(await deepPage(app, end))}`];
  for (const asked of [...ASKED.slice(0, 2), deep, ...ASKED.slice(2), ...overviews]) {
    table.push(await measure(app, asked));
  }
  console.log(`Load ${Deno.loadavg().map((load) => load.toFixed(1)).join(" ")}`);
  console.log(`${RECORDS} records of ${DAYS} days ${name}; written in ${Math.round(filling / 1000)} s`);
  console.table(table);
  await store.close();
}

const folder = await Deno.makeTempDir();
try {
  await run("in a file of Deno KV", kvDatabase({ url: `${folder}/kv.sqlite3`, hosted: false }));
  await run("in memory", kvDatabase({ url: "memory", hosted: false }));
} finally {
  await Deno.remove(folder, { recursive: true });
}
