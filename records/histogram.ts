/** How often which value came, kept small: counts by ranges that grow by a tenth, so that percentiles are within 5 %. */

/** By the number of the range; those that nothing fell into are absent. */
export type Histogram = Record<number, number>;

const GROWTH = Math.log(1.1);
/** Zero has no logarithm, and nobody tells a hundredth of a millisecond from nothing. */
const LEAST = 0.01;

export function count(histogram: Histogram, value: number): void {
  const range = Math.floor(Math.log(Math.max(value, LEAST)) / GROWTH);
  histogram[range] = (histogram[range] ?? 0) + 1;
}

/** Adds what the second counted to the first. */
export function addHistogram(sum: Histogram, more: Histogram): void {
  // Overviews add up tens of thousands: `Object.entries` would make an array for each range of each.
  for (const range in more) sum[range] = (sum[range] ?? 0) + more[range]!;
}

/** The value that the share (0 to 1) of all values does not exceed; `undefined` where there are none. */
export function percentile(histogram: Histogram, share: number): number | undefined {
  const ranges = Object.entries(histogram).map(([range, times]) => [Number(range), times] as const)
    .sort(([a], [b]) => a - b);
  let left = ranges.reduce((sum, [, times]) => sum + times, 0) * share;
  for (const [range, times] of ranges) {
    left -= times;
    if (left <= 0) return Math.exp((range + 0.5) * GROWTH);
  }
  return undefined;
}
