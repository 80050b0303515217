import assert from "node:assert/strict";
import {
  type Cost,
  type Costs,
  differences,
  formatVerdict,
  judge,
  least,
  regressions,
  typical,
} from "../../bench/guard/verdicts.ts";

const cost = (ratio: number, kibibytes = 100): Cost => ({ ratio, kibibytes });

Deno.test("a stage regressed where its ratio is over 15 % above the baseline's, and not before", () => {
  assert.deepEqual(regressions({ parse: cost(2) }, { parse: cost(2.29) }), []);
  assert.deepEqual(regressions({ parse: cost(2) }, { parse: cost(2.31) }), [
    { stage: "parse", measure: "ratio", kind: "regressed", was: 2, is: 2.31 },
  ]);
});

Deno.test("what a stage allocates is judged by itself", () => {
  assert.deepEqual(regressions({ parse: cost(2, 100) }, { parse: cost(1, 116) }), [
    { stage: "parse", measure: "kibibytes", kind: "regressed", was: 100, is: 116 },
  ]);
  // V8 counts in blocks: of next to nothing any share is chance.
  assert.deepEqual(judge({ parse: cost(2, 0.1) }, { parse: cost(2, 0.2) }), []);
  assert.deepEqual(judge({ parse: cost(2, 0.1) }, { parse: cost(2, 0) }), []);
});

Deno.test("a stage that is much better is told of, and no regression", () => {
  const baseline = { parse: cost(2) };
  assert.deepEqual(judge(baseline, { parse: cost(1.8) }), []);
  assert.deepEqual(judge(baseline, { parse: cost(1.7) }).map(({ kind }) => kind), ["improved"]);
  assert.deepEqual(regressions(baseline, { parse: cost(0.1) }), []);
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
  assert.deepEqual(judge(baseline, measured), []);
});

Deno.test("a verdict says which stage it is, what was measured and what the baseline has", () => {
  const [verdict] = regressions({ parse: cost(2) }, { parse: cost(2.5) });
  assert.equal(formatVerdict(verdict!), "parse: 2.5 × the yardstick, in the baseline 2 (+25 %)");
  const [bytes] = judge({ parse: cost(2, 123.456) }, { parse: cost(2, 61.728) });
  assert.equal(formatVerdict(bytes!), "parse: 61.7 KiB, in the baseline 123 (-50 %)");
});
