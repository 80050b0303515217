/** Measures stages beside the yardstick in one process: times in many short interleaved rounds, and bytes allocated. */

import { getHeapStatistics } from "node:v8";
import { runTimes, type Stage } from "../stages/mod.ts";
import type { Costs } from "./verdicts.ts";
import { YARDSTICK } from "./yardstick.ts";

/** Slices of a stage before anything is measured, unless it says otherwise. */
const WARM_UP = 50;
const ROUNDS = 36;
/** Slices in which bytes are counted, together: V8 counts in the blocks that it hands out. */
const COUNTED = 15;
/** Stages between two looks at the yardstick. */
const STRIDE = 4;

interface Measured extends Stage {
  /** Milliseconds once, at least. */
  least: number;
}

/** The minimum counts: what else the machine does only ever adds. */
export async function measureStages(stages: readonly Stage[]): Promise<Costs> {
  const yardstick = await warmUp(YARDSTICK);
  const measured: Measured[] = [];
  for (const stage of stages) measured.push(await warmUp(stage));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, stage] of measured.entries()) {
      if (at % STRIDE === 0) await slice(yardstick);
      await slice(stage);
    }
  }
  const costs: Costs = {};
  for (const stage of measured) {
    costs[stage.name] = { ratio: stage.least / yardstick.least, kibibytes: await allocated(stage) / 1024 };
  }
  return costs;
}

async function warmUp(stage: Stage): Promise<Measured> {
  await runTimes(stage, (stage.warmUp ?? WARM_UP) * stage.times);
  return { ...stage, least: Infinity };
}

async function slice(stage: Measured): Promise<void> {
  const startedAt = performance.now();
  await runTimes(stage, stage.times);
  stage.least = Math.min(stage.least, (performance.now() - startedAt) / stage.times);
}

/** All that V8 handed out since the process began; the types do not know it yet. */
function allocatedSoFar(): number {
  const { total_allocated_bytes = NaN } = getHeapStatistics() as { total_allocated_bytes?: number };
  return total_allocated_bytes;
}

/** Bytes once. */
async function allocated(stage: Stage): Promise<number> {
  const before = allocatedSoFar();
  await runTimes(stage, COUNTED * stage.times);
  return (allocatedSoFar() - before) / (COUNTED * stage.times);
}
