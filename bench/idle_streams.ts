/** What a stream costs in memory while its upstream is silent. */

import { caller } from "./load.ts";
import type { Process } from "./processes.ts";
import type { Row } from "./results.ts";
import { stream } from "./works.ts";

const STREAMS = Number(Deno.env.get("BENCH_STREAMS") ?? 5000);

export async function idleStreams(bare: Process, gateway: Process): Promise<Row> {
  const [least, cost] = [await heldBy(bare), await heldBy(gateway)];
  return {
    work: `idle stream held open, one of ${STREAMS}`,
    value: cost,
    unit: "KiB",
    limit: 15,
    from: `bare pass-through: ${least.toFixed(1)} KiB`,
  };
}

/** KiB for each stream. Some are opened before, so that what is needed once is there. */
async function heldBy(process: Process): Promise<number> {
  const call = caller(process.url, { body: { ...stream, model: "bench/idle-1" } });
  const end = new AbortController();
  try {
    await open(STREAMS / 10, call, end.signal);
    const before = await process.memory();
    await open(STREAMS, call, end.signal);
    return (await process.memory() - before) / STREAMS;
  } finally {
    end.abort();
  }
}

/** In groups, as so many connections at once would be refused; each is open when its first frame is here. */
async function open(count: number, call: ReturnType<typeof caller>, signal: AbortSignal): Promise<void> {
  for (let opened = 0; opened < count; opened += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - opened) }, async () => {
      const reader = (await call(signal)).getReader();
      await reader.read();
      // Read on, as a client does; it ends with the abort.
      reader.read().catch(() => {});
    }));
  }
}
