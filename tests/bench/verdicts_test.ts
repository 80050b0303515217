import assert from "node:assert/strict";
import {
  type Cost,
  type Costs,
  differences,
  formatVerdict,
  judge,
  least,
  LIMIT,
  regressions,
  typical,
} from "../../bench/guard/verdicts.ts";

const cost = (ratio: number, kibibytes = 100): Cost => ({ ratio, kibibytes });

Deno.test("a stage regressed where it costs over so many times the baseline's ratio, and not before", () => {
  assert.deepEqual(regressions({ parse: cost(2) }, { parse: cost(2.29) }, 1.15), []);
  assert.deepEqual(regressions({ parse: cost(2) }, { parse: cost(2.31) }, 1.15), [
    { stage: "parse", measure: "ratio", kind: "regressed", was: 2, is: 2.31 },
  ]);
  assert.deepEqual(regressions({ parse: cost(2) }, { parse: cost(2.29) }, 1.1).map(({ is }) => is), [2.29]);
});

Deno.test("what a stage allocates is judged by itself", () => {
  assert.deepEqual(regressions({ parse: cost(2, 100) }, { parse: cost(1, 116) }, LIMIT), [
    { stage: "parse", measure: "kibibytes", kind: "regressed", was: 100, is: 116 },
  ]);
  // V8 counts in blocks: of next to nothing any share is chance.
  assert.deepEqual(judge({ parse: cost(2, 0.1) }, { parse: cost(2, 0.2) }, LIMIT), []);
  assert.deepEqual(judge({ parse: cost(2, 0.1) }, { parse: cost(2, 0) }, LIMIT), []);
});

Deno.test("a stage that is much better is told of, and no regression", () => {
  const baseline = { parse: cost(2) };
  assert.deepEqual(judge(baseline, { parse: cost(1.8) }, LIMIT), []);
  assert.deepEqual(judge(baseline, { parse: cost(1.7) }, LIMIT).map(({ kind }) => kind), ["improved"]);
  assert.deepEqual(regressions(baseline, { parse: cost(0.1) }, LIMIT), []);
});

Deno.test("of several measurements the least of each measure counts, and a baseline is the lower quartile of each", () => {
  const measured: [number, number][] = [[3, 10], [2, 30], [9, 20], [7, 50], [8, 40]];
  const runs: Costs[] = measured.map(([ratio, kibibytes]) => ({ parse: cost(ratio, kibibytes) }));
  assert.deepEqual(runs.reduce(least), { parse: cost(2, 10) });
  assert.deepEqual(typical(runs), { parse: cost(3, 20) });
});

Deno.test("a stage that only one side knows is named, and not judged", () => {
  const [baseline, measured] = [{ old: cost(1), both: cost(1) }, { both: cost(1), new: cost(9) }];
  assert.deepEqual(differences(baseline, measured), { unknown: ["new"], gone: ["old"] });
  assert.deepEqual(judge(baseline, measured, LIMIT), []);
});

Deno.test("a verdict says which stage it is, what was measured and what the baseline has", () => {
  const [verdict] = regressions({ parse: cost(2) }, { parse: cost(2.5) }, LIMIT);
  assert.equal(formatVerdict(verdict!), "parse: 2.5 × the yardstick, in the baseline 2 (+25 %)");
  const [bytes] = judge({ parse: cost(2, 123.456) }, { parse: cost(2, 61.728) }, LIMIT);
  assert.equal(formatVerdict(bytes!), "parse: 61.7 KiB, in the baseline 123 (-50 %)");
});
