/** What a gateway holds at a moment: memory, timers, connections, open streams. */

import type { GatewayProcess } from "../support/process.ts";
import { parseMetrics } from "../support/prometheus.ts";
import type { Probe } from "./gateway_process.ts";

export interface Standing extends Probe {
  sockets: number;
  openStreams: number;
}

export async function standingOf(gateway: GatewayProcess): Promise<Standing> {
  // First, as the gateway loads what writes its metrics when somebody asks for them.
  const open = await openStreams(gateway);
  const { heap, resident, timers, late } = await probe(gateway);
  return {
    heap,
    resident,
    timers,
    late,
    sockets: await countSockets(gateway.pid),
    openStreams: open,
  };
}

/** Waits until the gateway is as quiet as it was, and tells how it is then, or after ten seconds. */
export async function quietened(gateway: GatewayProcess, before: Standing): Promise<Standing> {
  let late = 0;
  await hasStorage(gateway);
  for (let attempt = 0;; attempt++) {
    const now = await standingOf(gateway);
    late = Math.max(late, now.late);
    if (auditStanding(now, before).length === 0 || attempt === 40) return { ...now, late };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Milliseconds after which a storage that was given up, and is back, is used again. */
const COMEBACK = 90_000;

/** What is kept in memory while the storage is away is held for a reason; asked for its health, a gateway tries it again. */
async function hasStorage({ url }: GatewayProcess): Promise<void> {
  const until = performance.now() + COMEBACK;
  while (performance.now() < until) {
    const { storageProblem } = await (await fetch(`${url}/health`)).json();
    if (storageProblem === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function probe(gateway: GatewayProcess): Promise<Probe> {
  const before = gateway.output().length;
  gateway.kill("SIGUSR2");
  for (let attempt = 0; attempt < 500; attempt++) {
    const [line] = /^\{"message":"probe".*\}$/m.exec(gateway.output().slice(before)) ?? [];
    if (line !== undefined) return JSON.parse(line);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("Cannot look into the gateway as it does not answer to SIGUSR2");
}

async function countSockets(pid: number): Promise<number> {
  let count = 0;
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    if (target.startsWith("socket:")) count++;
  }
  return count;
}

async function openStreams({ url }: GatewayProcess): Promise<number> {
  // By a connection of its own, which is gone when the sockets are counted next.
  using client = Deno.createHttpClient({});
  const response = await fetch(`${url}/metrics`, { client });
  return parseMetrics(await response.text()).sum("anystream_open_streams", {});
}

/** Bytes that a gateway may hold more than before: what is remembered of models, and compiled code. */
const HEAP_GROWTH = 12 * 1024 * 1024;
/** Timers and sockets of its own that may run now and not then; a leak is as large as the storm. */
const OWN = 8;

/** What it holds for nobody. */
export function auditStanding(after: Standing, before: Standing): string[] {
  const faults: string[] = [];
  for (const name of ["timers", "sockets"] as const) {
    if (after[name] > before[name] + OWN) faults.push(`${after[name]} ${name} are left of ${before[name]} before`);
  }
  if (after.openStreams > 0) faults.push(`${after.openStreams} streams are open`);
  const growth = after.heap - before.heap;
  if (growth > HEAP_GROWTH) faults.push(`the heap grew by ${Math.round(growth / 1024)} KiB`);
  return faults;
}
