/** The baseline of the guard, as it is committed. */

import { type Costs, rounded } from "./verdicts.ts";

export interface Baseline {
  deno: string;
  /** Ratios are compared on another one with care. */
  processor: string;
  stages: Costs;
}

const BASELINE = new URL("../baseline.json", import.meta.url);

export async function readBaseline(): Promise<Baseline> {
  return JSON.parse(await Deno.readTextFile(BASELINE));
}

export async function writeBaseline({ stages, ...rest }: Baseline): Promise<void> {
  const short = Object.entries(stages).map(([name, { ratio, kibibytes }]) =>
    [name, { ratio: rounded(ratio), kibibytes: rounded(kibibytes) }] as const
  );
  const text = JSON.stringify({ ...rest, stages: Object.fromEntries(short) }, undefined, 2);
  await Deno.writeTextFile(BASELINE, `${text}\n`);
}

export async function processorName(): Promise<string> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return /model name\s*:\s*(.+)/.exec(text)?.[1] ?? "unknown processor";
}
