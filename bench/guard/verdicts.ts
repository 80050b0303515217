/** What is to be said of what was measured beside the baseline: numbers in, verdicts out. */

/** What one stage costs, once. */
export interface Cost {
  /** In times of the yardstick. */
  ratio: number;
  kibibytes: number;
}

export type Costs = Record<string, Cost>;

/** So many times a number of the baseline is a regression. What is measured beside the baseline's own code has a limit of its own. */
export const LIMIT = 1.15;

/** KiB that are no regression of themselves: V8 counts allocations in blocks, of which the smallest stages use little. */
const BLOCKS = 0.1;

export interface Verdict {
  stage: string;
  measure: keyof Cost;
  kind: "regressed" | "improved";
  was: number;
  is: number;
}

/**
 * What of the measured stages costs over `limit` times what it did, or less than its inverse: a reason to write the baseline anew.
 * What only one of them knows has no verdict.
 */
export function judge(baseline: Costs, measured: Costs, limit: number): Verdict[] {
  return Object.entries(measured).flatMap(([stage, cost]) => {
    const known = baseline[stage];
    if (known === undefined) return [];
    return (["ratio", "kibibytes"] as const).flatMap((measure) => {
      const [was, is] = [known[measure], cost[measure]];
      const kind = kindOf(was, is, { limit, slack: measure === "kibibytes" ? BLOCKS : 0 });
      return kind === undefined ? [] : [{ stage, measure, kind, was, is }];
    });
  });
}

function kindOf(
  was: number,
  is: number,
  { limit, slack }: { limit: number; slack: number },
): Verdict["kind"] | undefined {
  if (is > was * limit + slack) return "regressed";
  return is * limit + slack < was ? "improved" : undefined;
}

export function regressions(baseline: Costs, measured: Costs, limit: number): Verdict[] {
  return judge(baseline, measured, limit).filter(({ kind }) => kind === "regressed");
}

/** The less of each measure: what disturbs a measurement only ever adds to it. */
export function least(one: Costs, other: Costs): Costs {
  return merge([one, other], (numbers) => Math.min(...numbers));
}

/** The lower quartile of each measure, for a baseline: what the best of some runs is sure to reach, and no fluke. */
export function typical(runs: readonly Costs[]): Costs {
  return merge(runs, (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 4)]!);
}

function merge(runs: readonly Costs[], choose: (numbers: number[]) => number): Costs {
  const stages = new Set(runs.flatMap((costs) => Object.keys(costs)));
  return Object.fromEntries(
    [...stages].map((stage) => {
      const found = runs.flatMap((costs) => costs[stage] ?? []);
      return [stage, {
        ratio: choose(found.map(({ ratio }) => ratio)),
        kibibytes: choose(found.map(({ kibibytes }) => kibibytes)),
      }];
    }),
  );
}

/** Stages of which the baseline knows nothing, and those it knows that are no more. */
export function differences(baseline: Costs, measured: Costs): { unknown: string[]; gone: string[] } {
  return {
    unknown: Object.keys(measured).filter((stage) => !(stage in baseline)),
    gone: Object.keys(baseline).filter((stage) => !(stage in measured)),
  };
}

const UNITS = { ratio: "× the yardstick", kibibytes: "KiB" } as const satisfies Record<keyof Cost, string>;

/** One line: what, how much it was and is. */
export function formatVerdict({ stage, measure, was, is }: Verdict): string {
  const change = Math.round((is / was - 1) * 100);
  const unit = UNITS[measure];
  return `${stage}: ${rounded(is)} ${unit}, in the baseline ${rounded(was)} (${change > 0 ? "+" : ""}${change} %)`;
}

/** Three digits that matter. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
