/** What a plot shows: the times of a span, and for each line its value at each of them. */
/// <reference lib="dom" />

/** @import { FiguresShape, OverviewShape, SeriesShape } from "../shapes.ts" */
/** @typedef {(figures: FiguresShape | undefined) => number | null} Reading of a time; `undefined`: nothing happened in it */

/**
 * Times are in seconds.
 *
 * @param {OverviewShape} overview
 * @param {readonly { series: SeriesShape, read: Reading }[]} lines
 * @returns {(number | null)[][]}
 */
export function lineUp({ from, to, span }, lines) {
  /** @type {number[]} */
  const times = [];
  for (let at = from - from % span; at <= to; at += span) times.push(at);
  return [
    times.map((at) => at / 1000),
    ...lines.map(({ series, read }) => {
      const buckets = new Map(series.buckets.map((bucket) => [bucket.at, bucket]));
      return times.map((at) => read(buckets.get(at)));
    }),
  ];
}
