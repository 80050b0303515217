/**
 * `deno task bench:recording`: what keeping records adds to the work of a gateway: CPU time of gateways with and without,
 * in interleaved rounds. What is told is the median of the differences in each round, as what else the machine does
 * changes from one to the next.
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
const SETTLING = 400;

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

const KINDS = ["off", "memory", "file"] as const;
type Kind = (typeof KINDS)[number];
/** Microseconds of CPU time a request. */
type Costs = Record<Kind, number>;

async function costOf(gateway: Process, { body, headers }: Row): Promise<number> {
  const before = await gateway.cpu();
  await load(gateway.url, { requests: REQUESTS, connections: CONNECTIONS, body, headers });
  await new Promise((resolve) => setTimeout(resolve, SETTLING));
  return (await gateway.cpu() - before) / REQUESTS;
}

async function measure(gateways: Record<Kind, Process>, row: Row): Promise<Costs[]> {
  const { body, headers } = row;
  for (const kind of KINDS) {
    await load(gateways[kind].url, { requests: WARM_UP, connections: CONNECTIONS, body, headers });
  }
  const rounds: Costs[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const costs: Costs = { off: 0, memory: 0, file: 0 };
    // Who comes first in a round is not always the same.
    const order = KINDS.map((_, at) => KINDS[(at + round) % KINDS.length]!);
    for (const kind of order) costs[kind] = await costOf(gateways[kind], row);
    rounds.push(costs);
  }
  return rounds;
}

function shown(work: string, rounds: readonly Costs[]) {
  const off = median(rounds.map((costs) => costs.off));
  const added = (kind: Kind) => median(rounds.map((costs) => costs[kind] - costs.off));
  const inWords = (kind: Kind) => `${added(kind).toFixed(0)} µs, ${(added(kind) / off * 100).toFixed(1)} %`;
  return { work, "without µs": Math.round(off), "memory adds": inWords("memory"), "file adds": inWords("file") };
}

/** One request of each kind. */
function together(rows: readonly Costs[][]): Costs[] {
  const sum = (kind: Kind, round: number) => rows.reduce((all, rounds) => all + (rounds[round]?.[kind] ?? NaN), 0);
  return Array.from({ length: ROUNDS }, (_, round) => ({
    off: sum("off", round),
    memory: sum("memory", round),
    file: sum("file", round),
  }));
}

const here = new URL(".", import.meta.url).pathname;
const folder = await Deno.makeTempDir();
const upstream = await startProcess({ args: [`${here}upstream.ts`, String(PORT)], port: PORT });
const start = (port: number, env: Record<string, string>) =>
  startProcess({ args: [`${here}../main.ts`], port, env: { ...gatewayEnv(port, upstream.url), ...env } });
const gateways = {
  off: await start(PORT + 1, { RECORDS: "off" }),
  memory: await start(PORT + 2, {}),
  file: await start(PORT + 3, { KV_URL: `${folder}/kv.sqlite3` }),
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
