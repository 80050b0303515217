/**
 * `deno task bench:guard`: fails where a stage costs over 15 % more than when the committed baseline was written, in time as a
 * ratio to a yardstick and in KiB allocated. `deno task bench:baseline` writes the baseline.
 */

import { processorName, readBaseline, writeBaseline } from "../bench/guard/baseline.ts";
import { measureIn } from "../bench/guard/measure_in.ts";
import { arraign } from "../bench/guard/arraign.ts";
import { differences, formatVerdict, typical, type Verdict } from "../bench/guard/verdicts.ts";
import { ROOT } from "./docs/place.ts";

const RUNS = 5;

async function write(): Promise<void> {
  const runs = [];
  for (let run = 1; run <= RUNS; run++) {
    console.error(`Measuring, ${run} of ${RUNS} …`);
    runs.push(await measureIn(ROOT));
  }
  await writeBaseline({ deno: Deno.version.deno, processor: await processorName(), stages: typical(runs) });
}

async function guard(): Promise<boolean> {
  const baseline = await readBaseline();
  const { measured, verdicts } = await arraign(ROOT, baseline);
  const { unknown, gone } = differences(baseline.stages, measured);
  const [found, improved] = (["regressed", "improved"] as const).map((kind) =>
    verdicts.filter((verdict) => verdict.kind === kind)
  ) as [Verdict[], Verdict[]];
  for (const verdict of improved) console.log(`Better: ${formatVerdict(verdict)}`);
  for (const stage of unknown) console.log(`Not in the baseline: ${stage}`);
  for (const stage of gone) console.log(`Only in the baseline: ${stage}`);
  if (improved.length + unknown.length + gone.length > 0) {
    console.log("Write the baseline anew by `deno task bench:baseline`, so that what is gained is guarded, too.");
  }
  for (const verdict of found) console.error(`Regressed: ${formatVerdict(verdict)}`);
  if (found.length === 0) console.log(`No stage of ${Object.keys(measured).length} regressed.`);
  else console.error("If that is meant, accept it by `deno task bench:baseline`, and say why in the commit.");
  return found.length === 0;
}

if (Deno.args.includes("--write")) await write();
else if (!await guard()) Deno.exit(1);
