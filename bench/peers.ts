/** Other gateways from npm, asked the same in the same run: `deno task bench --peers`. */

import { median } from "./load.ts";
import { type Process, startCommand } from "./processes.ts";
import type { Row } from "./results.ts";
import { measure, plain, REQUESTS } from "./works.ts";

const PORTKEY = "@portkey-ai/gateway@1.15.2";
const PORT = 18105;
const WARM_UP = 2000;

interface Peer {
  name: string;
  command: string;
  args: string[];
}

const PEERS: readonly Peer[] = [
  { name: "Portkey on Node", command: "npx", args: ["-y", PORTKEY, "--headless", `--port=${PORT}`] },
  {
    name: "Portkey on Bun",
    command: "npx",
    args: ["-y", "bun", "x", "--bun", PORTKEY, "--headless", `--port=${PORT}`],
  },
];

/** A row for each that could be started; why not is said of the others. */
export async function peers(
  { bare, upstream, rounds }: { bare: Process; upstream: Process; rounds: number },
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const peer of PEERS) {
    try {
      rows.push(await measurePeer(peer, { bare, upstream, rounds }));
    } catch (error) {
      console.error(`${peer.name} was not measured: ${error instanceof Error ? error.message : error}`);
    }
  }
  return rows;
}

async function measurePeer(
  { name, command, args }: Peer,
  { bare, upstream, rounds }: { bare: Process; upstream: Process; rounds: number },
): Promise<Row> {
  const peer = await startCommand(command, { args, port: PORT, env: { NODE_ENV: "production" } });
  const headers = {
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `${upstream.url}/v1`,
    "authorization": "Bearer bench-upstream-key",
  };
  try {
    await measure(peer, { requests: WARM_UP, body: plain, headers });
    const measured: { least: number; cost: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push({
        least: (await measure(bare, { requests: REQUESTS, body: plain })).cpu,
        cost: (await measure(peer, { requests: REQUESTS, body: plain, headers })).cpu,
      });
    }
    const of = (what: "least" | "cost") => Math.round(median(measured.map((round) => round[what])));
    return {
      work: `plain, ${name}`,
      value: median(measured.map(({ cost, least }) => cost / least)),
      unit: "× bare",
      from: `${of("cost")} / ${of("least")} µs`,
    };
  } finally {
    await peer.stop();
  }
}
