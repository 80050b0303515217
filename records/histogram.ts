/** How often which value came, kept small: counts by ranges that grow by a tenth, so that percentiles are within 5 %. */

/** An array, not a table by range: those of a month are tens of thousands, and reading them is most of an overview. */
export interface Histogram {
  /** The number of the range that the first count is of; the others follow it. */
  first: number;
  counts: number[];
}

const GROWTH = Math.log(1.1);
/** Zero has no logarithm, and nobody tells a hundredth of a millisecond from nothing. */
const LEAST = 0.01;

export function noHistogram(): Histogram {
  return { first: 0, counts: [] };
}

export function count(histogram: Histogram, value: number): void {
  const range = Math.floor(Math.log(Math.max(value, LEAST)) / GROWTH);
  reach(histogram, range, range);
  histogram.counts[range - histogram.first]!++;
}

/** Adds what the second counted to the first. */
export function addHistogram(sum: Histogram, { first, counts }: Histogram): void {
  if (counts.length === 0) return;
  reach(sum, first, first + counts.length - 1);
  const shift = first - sum.first;
  for (let at = 0; at < counts.length; at++) sum.counts[at + shift]! += counts[at]!;
}

/** The value that the share (0 to 1) of all values does not exceed; `undefined` where there are none. */
export function percentile({ first, counts }: Histogram, share: number): number | undefined {
  let left = counts.reduce((sum, times) => sum + times, 0) * share;
  for (const [at, times] of counts.entries()) {
    left -= times;
    if (times > 0 && left <= 0) return Math.exp((first + at + 0.5) * GROWTH);
  }
  return undefined;
}

/** Makes room for the ranges from the first to the last. */
function reach(histogram: Histogram, first: number, last: number): void {
  const { counts } = histogram;
  if (counts.length === 0) histogram.first = first;
  for (; histogram.first > first; histogram.first--) counts.unshift(0);
  while (counts.length <= last - histogram.first) counts.push(0);
}
