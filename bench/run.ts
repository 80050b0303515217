/** `deno task bench`: what the gateway costs, as ratios in one run; with `--peers` beside others. Writes results.json. */

import { cpuRatios } from "./cpu_ratios.ts";
import { addedToFirstContent } from "./first_content.ts";
import { idleStreams } from "./idle_streams.ts";
import { largeWorks } from "./large_works.ts";
import { peers } from "./peers.ts";
import { type Process, type ProcessOptions, startProcess } from "./processes.ts";
import { formatResults, type Row, writeResults } from "./results.ts";
import { start } from "./start.ts";
import { CONNECTIONS, gatewayEnv, PORT, REQUESTS } from "./works.ts";

const rounds = Number(Deno.env.get("BENCH_ROUNDS") ?? 7);
const here = new URL(".", import.meta.url).pathname;

async function processor(): Promise<string> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return /model name\s*:\s*(.+)/.exec(text)?.[1] ?? "unknown processor";
}

const load = () => Number(Deno.loadavg()[0]?.toFixed(2));

type Options = (port: number) => ProcessOptions;

/** Runs with a pass-through and a gateway that nobody has asked anything yet. */
async function withFresh<T>(options: Options, use: (bare: Process, gateway: Process) => Promise<T>): Promise<T> {
  const bare = await startProcess({ args: [`${here}passthrough.ts`, `${PORT + 1}`, upstream.url], port: PORT + 1 });
  const gateway = await startProcess(options(PORT + 2));
  try {
    return await use(bare, gateway);
  } finally {
    await Promise.all([bare, gateway].map((process) => process.stop()));
  }
}

async function measureAll(bare: Process, gateway: Process): Promise<Row[]> {
  return [
    ...await told("CPU ratios", cpuRatios({ bare, gateway, rounds })),
    ...await told("first content", addedToFirstContent(bare, gateway)),
    ...await told("large works", largeWorks(bare, gateway)),
  ];
}

function measurePeers(bare: Process, gateway: Process): Promise<Row[]> {
  return peers({ bare, gateway, upstream: upstream.url, port: PORT + 5, rounds });
}

/** The same, with a line for who waits. */
async function told<T>(what: string, work: Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const outcome = await work;
  console.error(`${what}: ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return outcome;
}

/** Bundles the gateway as a deployment does. @throws {Error} where it cannot be */
async function build(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["task", "--quiet", "build"], cwd: `${here}..` })
    .output();
  if (!success) throw new Error("Cannot measure the start as the gateway cannot be built");
}

const loadBefore = load();
const upstream = await startProcess({ args: [`${here}upstream.ts`, `${PORT}`], port: PORT });
const entryOptions = (entry: string): Options => (port) => ({
  args: [`${here}../${entry}`],
  port,
  env: gatewayEnv(port, upstream.url),
});
const gatewayOptions = entryOptions("main.ts");
try {
  await build();
  const hello = { args: [`${here}hello.ts`, `${PORT + 3}`], port: PORT + 3 };
  const built = entryOptions("dist/bin/main.js")(PORT + 4);
  const rows = [
    ...await withFresh(gatewayOptions, measureAll),
    // Not after large works: what they leave to be collected would be counted.
    await told("idle streams", withFresh(gatewayOptions, idleStreams)),
    ...await told("start", start({ hello, source: gatewayOptions(PORT + 4), built, rounds })),
    ...Deno.args.includes("--peers") ? await told("peers", withFresh(gatewayOptions, measurePeers)) : [],
  ];
  const machine = { processor: await processor(), cores: navigator.hardwareConcurrency, loadBefore, loadAfter: load() };
  const date = new Date().toISOString().slice(0, 10);
  const results = {
    date,
    deno: Deno.version.deno,
    machine,
    rounds,
    requests: REQUESTS,
    connections: CONNECTIONS,
    rows,
  };
  await writeResults(results);
  console.log(formatResults(results));
} finally {
  await upstream.stop();
}
