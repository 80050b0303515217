/**
 * `deno task bench --peers`: other gateways from npm, asked the same in the same rounds as ours. They are installed into a
 * folder that is kept, started as children without a shell between, and given a time limit for everything.
 */

import { tmpdir } from "node:os";
import { installOnce } from "../tools/install_once.ts";
import { type Asked, caller, median, timed } from "./load.ts";
import { type Process, startCommand } from "./processes.ts";
import type { Row } from "./results.ts";
import { measure, plain, REQUESTS, stream } from "./works.ts";

const CACHE = `${tmpdir()}/anystream-peers`;
/** Milliseconds. */
const INSTALL_LIMIT = 300_000;
const MEASURE_LIMIT = 180_000;
const WARM_UP = 2000;

interface Peer {
  name: string;
  /** Packages of npm in their pinned versions. */
  packages: string[];
  /** The command that runs it, of one of the packages. */
  command: string;
  args: (port: number) => string[];
}

const portkey = (runtime: string, version: string): Peer => ({
  name: `Portkey 1.15.2 on ${runtime === "bun" ? "Bun" : "Node"} ${version}`,
  packages: ["@portkey-ai/gateway@1.15.2", `${runtime}@${version}`],
  command: runtime,
  args: (port) => ["node_modules/@portkey-ai/gateway/build/start-server.js", "--headless", `--port=${port}`],
});

/** Bun runs it fastest; Node is what its documentation starts it with. */
const PEERS: readonly Peer[] = [portkey("bun", "1.4.5"), portkey("node", "22.23.3")];

/** Ours may cost so many times theirs: they take half as much again. */
const LIMIT = 0.67;

const WORKS = { "plain, relay": plain, "64-frame stream, relay": stream } as const;

export interface Beside {
  bare: Process;
  gateway: Process;
  upstream: string;
  port: number;
  rounds: number;
}

export async function peers(beside: Beside): Promise<Row[]> {
  const rows: Row[] = [];
  for (const peer of PEERS) rows.push(...await besidePeer(peer, beside));
  return rows;
}

async function besidePeer(peer: Peer, beside: Beside): Promise<Row[]> {
  const rowsOf = async (row: (work: keyof typeof WORKS) => Promise<Partial<Row>>) => {
    const rows: Row[] = [];
    for (const work of Object.keys(WORKS) as (keyof typeof WORKS)[]) {
      const measured = await row(work).catch((error) => ({ from: told(error) }));
      rows.push({ work: `${work}, beside ${peer.name}`, unit: "× theirs", limit: LIMIT, from: "", ...measured });
    }
    return rows;
  };
  const started = await start(peer, beside.port).catch((error: Error) => error);
  if (started instanceof Error) return await rowsOf(() => Promise.reject(started));
  try {
    return await rowsOf((work) => compare(started, beside, WORKS[work]));
  } finally {
    await started.stop();
  }
}

/** The first line of why, as a cell of a table. */
function told({ message }: Error): string {
  return message.split("\n")[0]!.replaceAll("|", "\\|");
}

async function start({ name, packages, command, args }: Peer, port: number): Promise<Process> {
  const folder = `${CACHE}/${name.replaceAll(" ", "-")}`;
  await installOnce({
    folder,
    command: "npm",
    args: ["install", "--prefix", folder, "--no-audit", "--no-fund", ...packages],
    signal: AbortSignal.timeout(INSTALL_LIMIT),
  });
  const options = { args: args(port), port, cwd: folder, stderr: "null" } as const;
  return await startCommand(`${folder}/node_modules/.bin/${command}`, options);
}

/** CPU time of a request at ours and at theirs, in the same rounds. */
async function compare(peer: Process, beside: Beside, body: Record<string, unknown>): Promise<Partial<Row>> {
  const { bare, gateway, upstream, rounds } = beside;
  const headers = {
    "authorization": "Bearer bench-upstream-key",
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `${upstream}/v1`,
  };
  const theirs: Asked = { body, headers };
  return await within(MEASURE_LIMIT, peer, async () => {
    await timed(caller(peer.url, theirs));
    for (const process of [gateway, peer]) await measure(process, { ...theirs, requests: WARM_UP });
    const measured: Record<"bare" | "ours" | "theirs", number>[] = [];
    for (let round = 0; round < rounds; round++) {
      const cost = async (process: Process, asked: Asked) =>
        (await measure(process, { ...asked, requests: REQUESTS })).cpu;
      measured.push({
        ...{ bare: await cost(bare, { body }), ours: await cost(gateway, { body }), theirs: await cost(peer, theirs) },
      });
    }
    const microseconds = (of: "bare" | "ours" | "theirs") => Math.round(median(measured.map((round) => round[of])));
    return {
      value: median(measured.map(({ ours, theirs }) => ours / theirs)),
      from: `${microseconds("ours")} / ${microseconds("theirs")} µs, bare: ${microseconds("bare")} µs`,
    };
  });
}

/** What hangs is killed, so that all who wait for it fail. */
async function within<T>(milliseconds: number, process: Process, work: () => Promise<T>): Promise<T> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    process.kill();
  }, milliseconds);
  try {
    return await work();
  } catch (error) {
    throw isLate ? new Error(`Cannot measure as it takes longer than ${milliseconds / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
  }
}
