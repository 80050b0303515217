/** From measurements to what has regressed: beside the baseline's own code, or by its numbers where that is not at hand. */

import { type Baseline, processorName } from "./baseline.ts";
import { commitOfBaseline, LIMIT_BESIDE, measureBeside } from "./beside.ts";
import { measureIn } from "./measure_in.ts";
import { type Costs, judge, least, LIMIT, regressions, type Verdict } from "./verdicts.ts";

/** How often all is measured again while something seems to have regressed. */
const RETRIES = 3;

export interface Arraigned {
  measured: Costs;
  /** What is worse, and what is much better. */
  verdicts: Verdict[];
}

export async function arraign(root: string, baseline: Baseline): Promise<Arraigned> {
  const commit = await commitOfBaseline(root);
  if (commit === undefined) return await recall(root, baseline);
  console.log(`Measuring beside ${commit.slice(0, 7)}, which wrote the baseline.`);
  const { then, now } = await measureBeside(root, commit);
  return { measured: now, verdicts: judge(then, now, LIMIT_BESIDE) };
}

/**
 * Held against the numbers of the baseline. The best of all measurements counts. Others are measured with what seems to have
 * regressed again, as alone, with all caches to itself, a stage is up to a third faster: that would excuse what did regress.
 */
async function recall(root: string, baseline: Baseline): Promise<Arraigned> {
  let measured = await measureIn(root);
  let found = regressions(baseline.stages, measured, LIMIT);
  for (let retry = 0; retry < RETRIES && found.length > 0; retry++) {
    console.log(`Measuring again as it may have been chance: ${stagesOf(found).join(", ")}`);
    measured = least(measured, await measureIn(root));
    found = regressions(baseline.stages, measured, LIMIT);
  }
  const verdicts = judge(baseline.stages, measured, LIMIT);
  if (await processorName() === baseline.processor) return { measured, verdicts };
  // Bytes are the same on every machine; times are not.
  const times = found.filter(({ measure }) => measure === "ratio");
  if (times.length > 0) {
    console.log(
      `Slower than on the ${baseline.processor} of the baseline, whose commit is not at hand: ${
        stagesOf(times).join(", ")
      }`,
    );
  }
  return { measured, verdicts: verdicts.filter(({ measure }) => measure === "kibibytes") };
}

function stagesOf(verdicts: readonly Verdict[]): string[] {
  return [...new Set(verdicts.map(({ stage }) => stage))];
}
