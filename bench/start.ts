/** How long a process takes to its first answer, and what it holds in memory while nobody asks. */

import { median } from "./load.ts";
import { type ProcessOptions, startProcess } from "./processes.ts";
import type { Row } from "./results.ts";

/** The two are started in turn. */
export async function start(
  { hello, gateway, rounds }: { hello: ProcessOptions; gateway: ProcessOptions; rounds: number },
): Promise<Row[]> {
  const measured: { hello: Started; gateway: Started }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const started = { hello: await startOnce(hello), gateway: await startOnce(gateway) };
    // The first fills the caches of files and compiled code.
    if (round > 0) measured.push(started);
  }
  const of = (name: "hello" | "gateway", what: keyof Started) => median(measured.map((round) => round[name][what]));
  const row = (what: "milliseconds" | "cpu") => ({
    value: median(measured.map(({ hello, gateway }) => gateway[what] / hello[what])),
    unit: "× hello world",
    from: `${Math.round(of("gateway", what))} / ${Math.round(of("hello", what))} ms`,
  });
  const memory = { value: of("gateway", "memory") / 1024, unit: "MiB" };
  return [
    { work: "process start to first answer", ...row("milliseconds"), limit: 1.5 },
    { work: "process start to first answer, CPU time", ...row("cpu") },
    {
      work: "idle process",
      ...memory,
      limit: 80,
      from: `hello world: ${(of("hello", "memory") / 1024).toFixed(1)} MiB`,
    },
  ];
}

interface Started {
  milliseconds: number;
  /** Milliseconds of CPU time. */
  cpu: number;
  /** KiB. */
  memory: number;
}

async function startOnce(options: ProcessOptions): Promise<Started> {
  const startedAt = performance.now();
  const process = await startProcess(options);
  const milliseconds = performance.now() - startedAt;
  try {
    return { milliseconds, cpu: await process.cpu() / 1000, memory: await process.memory() };
  } finally {
    await process.stop();
  }
}
