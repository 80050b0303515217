/** How long a process takes to its first answer, and what it holds in memory when nobody has asked for a while. */

import { median } from "./load.ts";
import { type ProcessOptions, startProcess } from "./processes.ts";
import type { Row } from "./results.ts";

/** Milliseconds without a request after which V8 has given back what the start took. */
const IDLE = 45_000;

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
  return [
    { work: "process start to first answer", ...row("milliseconds"), limit: 1.5 },
    { work: "process start to first answer, CPU time", ...row("cpu") },
    await idleMemory({ hello, gateway }),
  ];
}

async function idleMemory(options: { hello: ProcessOptions; gateway: ProcessOptions }): Promise<Row> {
  const processes = [await startProcess(options.hello), await startProcess(options.gateway)];
  try {
    const begun = await Promise.all(processes.map((process) => process.memory()));
    await new Promise((resolve) => setTimeout(resolve, IDLE));
    const [hello = 0, gateway = 0] = await Promise.all(processes.map((process) => process.memory()));
    const mebibytes = (kibibytes = 0) => (kibibytes / 1024).toFixed(1);
    return {
      work: `process, ${IDLE / 1000} s after its only answer`,
      value: gateway / 1024,
      unit: "MiB",
      limit: 80,
      from: `at once: ${mebibytes(begun[1])} MiB; hello world: ${mebibytes(hello)} MiB`,
    };
  } finally {
    await Promise.all(processes.map((process) => process.stop()));
  }
}

interface Started {
  milliseconds: number;
  /** Milliseconds of CPU time. */
  cpu: number;
}

async function startOnce(options: ProcessOptions): Promise<Started> {
  const startedAt = performance.now();
  const process = await startProcess(options);
  const milliseconds = performance.now() - startedAt;
  try {
    return { milliseconds, cpu: await process.cpu() / 1000 };
  } finally {
    await process.stop();
  }
}
