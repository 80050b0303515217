/**
 * `deno task bench:recording`: what keeping records adds to the work of a gateway: CPU time of gateways with and without.
 * All are asked at the same time, so that what else the machine does meets them alike; what is told is the median of the
 * differences in each round.
 */

import { load, median } from "./load.ts";
import { type Process, startProcess } from "./processes.ts";
import { CONNECTIONS, gatewayEnv, plain, stream } from "./works.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 15);
const REQUESTS = Number(Deno.env.get("BENCH_REQUESTS") ?? 1_000);
/** Of each kind, before anything is measured: until then code is compiled anew. */
const WARM_UP = Number(Deno.env.get("BENCH_WARM_UP") ?? 2_000);
const PORT = Number(Deno.env.get("BENCH_PORT") ?? 18_100);
/** Milliseconds in which the last records are written. */
const SETTLING = 700;

interface Row {
  name: string;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

const ROWS: Row[] = [
  { name: "collected", body: plain, headers: {} },
  { name: "relay (64-frame stream)", body: stream, headers: {} },
  { name: "fake stream", body: stream, headers: { "x-stream-mode": "fake" } },
];

const KINDS = ["memory, off", "memory", "file, off", "file"] as const;
type Kind = (typeof KINDS)[number];
/** Microseconds of CPU time a request. */
type Costs = Record<Kind, number>;

async function costOf(gateway: Process, { body, headers }: Row, requests = REQUESTS): Promise<number> {
  const before = await gateway.cpu();
  await load(gateway.url, { requests, connections: CONNECTIONS, body, headers });
  await new Promise((resolve) => setTimeout(resolve, SETTLING));
  return (await gateway.cpu() - before) / requests;
}

async function costsOf(gateways: Record<Kind, Process>, row: Row, requests?: number): Promise<Costs> {
  const costs = await Promise.all(KINDS.map(async (kind) => [kind, await costOf(gateways[kind], row, requests)]));
  return Object.fromEntries(costs);
}

async function measure(gateways: Record<Kind, Process>, row: Row): Promise<Costs[]> {
  await costsOf(gateways, row, WARM_UP);
  const rounds: Costs[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await costsOf(gateways, row));
  return rounds;
}

function shown(work: string, rounds: readonly Costs[]) {
  const without = (where: "memory" | "file") => median(rounds.map((costs) => costs[`${where}, off`]));
  const added = (where: "memory" | "file") => {
    const more = median(rounds.map((costs) => costs[where] - costs[`${where}, off`]));
    return `${more.toFixed(0)} µs, ${(more / without(where) * 100).toFixed(1)} %`;
  };
  return {
    work,
    "without µs": Math.round(without("memory")),
    "memory adds": added("memory"),
    "without, a file open µs": Math.round(without("file")),
    "file adds": added("file"),
  };
}

/** One request of each kind. */
function together(rows: readonly Costs[][]): Costs[] {
  const sum = (kind: Kind, round: number) => rows.reduce((all, rounds) => all + (rounds[round]?.[kind] ?? NaN), 0);
  return Array.from({ length: ROUNDS }, (_, round) => {
    const sums = KINDS.map((kind) => [kind, sum(kind, round)]);
    return Object.fromEntries(sums);
  });
}

const here = new URL(".", import.meta.url).pathname;
const folder = await Deno.makeTempDir();
const upstream = await startProcess({ args: [`${here}upstream.ts`, String(PORT)], port: PORT });
const start = (port: number, env: Record<string, string>) =>
  startProcess({ args: [`${here}../main.ts`], port, env: { ...gatewayEnv(port, upstream.url), ...env } });
// A database that is open is looked at now and then, whether there are records in it or not.
const gateways: Record<Kind, Process> = {
  "memory, off": await start(PORT + 1, { RECORDS: "off" }),
  "memory": await start(PORT + 2, {}),
  "file, off": await start(PORT + 3, { RECORDS: "off", KV_URL: `${folder}/off.sqlite3` }),
  "file": await start(PORT + 4, { KV_URL: `${folder}/kv.sqlite3` }),
};
try {
  const rows: Costs[][] = [];
  for (const row of ROWS) rows.push(await measure(gateways, row));
  console.log(`Load ${Deno.loadavg().map((load) => load.toFixed(1)).join(" ")}`);
  console.log(`${ROUNDS} rounds of ${REQUESTS} requests; CPU time of the whole process per request, medians`);
  const table = rows.map((rounds, at) => shown(ROWS[at]!.name, rounds));
  console.table([...table, shown("the benchmark as a whole", together(rows))]);
} finally {
  await Promise.all([upstream, ...Object.values(gateways)].map((process) => process.stop()));
  await Deno.remove(folder, { recursive: true });
}
