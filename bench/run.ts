/** `deno task bench`: what the gateway adds to a bare pass-through, as ratios of interleaved rounds in one run. */

import { load, median, percentile } from "./load.ts";
import { type Process, startProcess } from "./processes.ts";
import { CONNECTIONS, gatewayEnv, measure, type Measured, plain, REQUESTS, stream } from "./works.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 5);

interface Row {
  name: string;
  /** What the pass-through is asked for in comparison. */
  bare: Record<string, unknown>;
  gateway: Record<string, unknown>;
  headers?: Record<string, string>;
}

const ROWS: Row[] = [
  { name: "collected (plain JSON, relayed)", bare: plain, gateway: plain },
  { name: "relay (64-frame stream, metered)", bare: stream, gateway: stream },
  { name: "fake stream (against plain JSON)", bare: plain, gateway: stream, headers: { "x-stream-mode": "fake" } },
];

/** Added milliseconds to the first content on one connection, at the median and the 99th percentile. */
async function addedLatency(bare: Process, gateway: Process, row: Row): Promise<[number, number]> {
  const once = async (process: Process, body: Record<string, unknown>) =>
    (await load(process.url, { requests: 300, connections: 1, body, headers: row.headers ?? {} })).firstContent;
  const [a, b] = [await once(bare, row.bare), await once(gateway, row.gateway)];
  return [percentile(b, 0.5) - percentile(a, 0.5), percentile(b, 0.99) - percentile(a, 0.99)];
}

async function compare(bare: Process, gateway: Process, row: Row) {
  const rounds: { bare: Measured; gateway: Measured }[] = [];
  await measure(gateway, { requests: 300, body: row.gateway, headers: row.headers ?? {} });
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      bare: await measure(bare, { requests: REQUESTS, body: row.bare }),
      gateway: await measure(gateway, { requests: REQUESTS, body: row.gateway, headers: row.headers ?? {} }),
    });
  }
  const [p50, p99] = await addedLatency(bare, gateway, row);
  const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  return {
    "work": row.name,
    "bare µs": Math.round(of(({ bare }) => bare.cpu)),
    "gateway µs": Math.round(of(({ gateway }) => gateway.cpu)),
    "CPU ratio": Number(of(({ bare, gateway }) => gateway.cpu / bare.cpu).toFixed(2)),
    "gateway req/s": Math.round(of(({ gateway }) => gateway.rps)),
    "added TTFT p50 ms": Number(p50.toFixed(2)),
    "added TTFT p99 ms": Number(p99.toFixed(2)),
  };
}

const here = new URL(".", import.meta.url).pathname;
const upstream = await startProcess({ args: [`${here}upstream.ts`, "18100"], port: 18100 });
const bare = await startProcess({ args: [`${here}passthrough.ts`, "18101", upstream.url], port: 18101 });
const gateway = await startProcess({ args: [`${here}../main.ts`], port: 18102, env: gatewayEnv(18102, upstream) });
try {
  const table = [];
  for (const row of ROWS) table.push(await compare(bare, gateway, row));
  console.log(
    `${ROUNDS} rounds of ${REQUESTS} requests, ${CONNECTIONS} connections, ${navigator.hardwareConcurrency} cores`,
  );
  console.log(`Deno ${Deno.version.deno}; CPU time of the whole process per request; medians of interleaved rounds`);
  console.table(table);
} finally {
  await Promise.all([upstream, bare, gateway].map((process) => process.stop()));
}
