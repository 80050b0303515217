/** From what was measured once to what has regressed: whatever seems to have is measured again before it is told. */

import { type Baseline, processorName } from "./baseline.ts";
import { commitOfBaseline, confront } from "./confront.ts";
import { measureIn } from "./measure_in.ts";
import { type Costs, least, regressions, type Verdict } from "./verdicts.ts";

/** How often all is measured again while something seems to have regressed. */
const RETRIES = 3;

export interface Arraigned {
  measured: Costs;
  found: Verdict[];
}

/**
 * The best of all measurements counts. Others are measured with it again, as alone, with all caches to itself, a stage is up
 * to a third faster: that would excuse what did regress.
 */
export async function arraign(root: string, baseline: Baseline): Promise<Arraigned> {
  let measured = await measureIn(root);
  let found = regressions(baseline.stages, measured);
  for (let retry = 0; retry < RETRIES && found.length > 0; retry++) {
    console.log(`Measuring again as it may have been chance: ${stagesOf(found).join(", ")}`);
    measured = least(measured, await measureIn(root));
    found = regressions(baseline.stages, measured);
  }
  return { measured, found: await confirmed(root, { baseline, found }) };
}

/** Bytes are the same on every machine; times are not. */
async function confirmed(
  root: string,
  { baseline, found }: { baseline: Baseline; found: readonly Verdict[] },
): Promise<Verdict[]> {
  const [bytes, times] = [
    found.filter(({ measure }) => measure === "kibibytes"),
    found.filter(({ measure }) => measure === "ratio"),
  ];
  if (times.length === 0) return bytes;
  const commit = await commitOfBaseline(root);
  if (commit !== undefined) {
    console.log(`Measuring beside ${commit.slice(0, 7)}, which wrote the baseline: ${stagesOf(times).join(", ")}`);
    return [...bytes, ...await confront(root, { commit, stages: stagesOf(times) })];
  }
  if (await processorName() === baseline.processor) return [...bytes, ...times];
  console.log(
    `Slower than on the ${baseline.processor} of the baseline, whose commit is not at hand: ${
      stagesOf(times).join(", ")
    }`,
  );
  return bytes;
}

function stagesOf(verdicts: readonly Verdict[]): string[] {
  return [...new Set(verdicts.map(({ stage }) => stage))];
}
