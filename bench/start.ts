/** How long a process takes to its first answer, and what it holds in memory when nobody has asked for a while. */

import { median } from "./load.ts";
import { type ProcessOptions, startProcess } from "./processes.ts";
import type { Row } from "./results.ts";

/** Milliseconds without a request after which V8 has given back what the start took. */
const IDLE = 45_000;

/** What is started: a hello world, and the gateway as it stands in the repository and as `deno task build` bundles it. */
export interface StartOptions {
  hello: ProcessOptions;
  source: ProcessOptions;
  built: ProcessOptions;
  rounds: number;
}

/** The three are started in turn. */
export async function start({ hello, source, built, rounds }: StartOptions): Promise<Row[]> {
  const measured: Record<"hello" | "source" | "built", Started>[] = [];
  for (let round = 0; round <= rounds; round++) {
    const started = {
      hello: await startOnce(hello),
      source: await startOnce(source),
      built: await startOnce(built),
    };
    // The first fills the caches of files and compiled code.
    if (round > 0) measured.push(started);
  }
  const of = (name: "hello" | "source" | "built", what: keyof Started) =>
    median(measured.map((round) => round[name][what]));
  const row = (name: "source" | "built", what: keyof Started) => ({
    value: median(measured.map((round) => round[name][what] / round.hello[what])),
    unit: "× hello world",
    from: `${Math.round(of(name, what))} / ${Math.round(of("hello", what))} ms`,
  });
  return [
    { work: "process start to first answer, built", ...row("built", "milliseconds"), limit: 1.5 },
    { work: "process start to first answer, built, CPU time", ...row("built", "cpu") },
    { work: "process start to first answer, from source", ...row("source", "milliseconds"), limit: 1.5 },
    { work: "process start to first answer, from source, CPU time", ...row("source", "cpu") },
    await idleMemory({ hello, gateway: source }),
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
