/** `deno task bench:recording`: what keeping records costs, as CPU time of gateways with and without, in interleaved rounds. */

import { median } from "./load.ts";
import { type Process, startProcess } from "./processes.ts";
import { gatewayEnv, measure, plain, REQUESTS, stream } from "./works.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 9);

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

async function compare(gateways: Record<string, Process>, { name, body, headers }: Row) {
  const rounds: Record<string, number>[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const costs: Record<string, number> = {};
    // Who comes first in a round is not always the same.
    const order = Object.entries(gateways);
    for (const [kind, gateway] of round % 2 === 0 ? order : order.reverse()) {
      costs[kind] = (await measure(gateway, { requests: REQUESTS, body, headers })).cpu;
    }
    // The first round only warms up.
    if (round > 0) rounds.push(costs);
  }
  const of = (kind: string) => median(rounds.map((costs) => costs[kind] ?? NaN));
  const added = (kind: string) =>
    `${((median(rounds.map((costs) => (costs[kind] ?? NaN) / (costs.off ?? NaN))) - 1) * 100).toFixed(1)} %`;
  return {
    "work": name,
    "off µs": Math.round(of("off")),
    "in memory µs": Math.round(of("memory")),
    "in a file µs": Math.round(of("file")),
    "memory adds": added("memory"),
    "file adds": added("file"),
  };
}

const here = new URL(".", import.meta.url).pathname;
const folder = await Deno.makeTempDir();
const upstream = await startProcess({ args: [`${here}upstream.ts`, "18100"], port: 18100 });
const start = (port: number, env: Record<string, string>) =>
  startProcess({ args: [`${here}../main.ts`], port, env: { ...gatewayEnv(port, upstream.url), ...env } });
const gateways = {
  off: await start(18101, { RECORDS: "off" }),
  memory: await start(18102, {}),
  file: await start(18103, { KV_URL: `${folder}/kv.sqlite3` }),
};
try {
  const table = [];
  for (const row of ROWS) table.push(await compare(gateways, row));
  console.log(`${ROUNDS} rounds of ${REQUESTS} requests; CPU time of the whole process per request, medians`);
  console.table(table);
} finally {
  await Promise.all([upstream, ...Object.values(gateways)].map((process) => process.stop()));
  await Deno.remove(folder, { recursive: true });
}
