import assert from "node:assert/strict";
import fc from "fast-check";
import { addHistogram, count, type Histogram, noHistogram, percentile } from "../../records/histogram.ts";

function histogramOf(values: readonly number[]): Histogram {
  const histogram = noHistogram();
  for (const value of values) count(histogram, value);
  return histogram;
}

Deno.test("a percentile is within 5 % of the exact one, whatever was counted", () => {
  const values = fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(values, fc.constantFrom(0.5, 0.9, 0.99), (values, share) => {
    const sorted = values.toSorted((a, b) => a - b);
    const exact = sorted[Math.ceil(sorted.length * share - 1e-9) - 1]!;
    const found = percentile(histogramOf(values), share)!;
    assert.ok(Math.abs(found / exact - 1) < 0.05, `${found} is not near ${exact}`);
  }));
});

Deno.test("two histograms added are the histogram of both, and one of nothing has no percentile", () => {
  const sum = histogramOf([1, 5, 900]);
  addHistogram(sum, histogramOf([5, 0, 1e7]));
  assert.deepEqual(sum, histogramOf([1, 5, 900, 5, 0, 1e7]));
  assert.equal(percentile(noHistogram(), 0.5), undefined);
});
