/** What was counted of one key, span by span: as the storage told last, and as is known to have been added since. */

import { type Measure, monthOf, spanOf, type SumOf } from "./measures.ts";

/** What the storage has counted in one span. */
export interface Sum {
  measure: Measure;
  span: number;
  amount: number;
}

/** An addition to a counter of the storage. */
export interface Addition extends Sum {
  /** It becomes part of the lease once it is done. */
  isLease: boolean;
}

export interface Sums {
  of(measure: Measure): SumOf;
  add(sum: Sum): void;
  /** From now on these are all there are. */
  replace(read: readonly Sum[]): void;
}

export function createSums(): Sums {
  let sums = new Map<string, number>();
  const sumOf = (measure: Measure) => (span: number) => sums.get(idOf(measure, span)) ?? 0;
  return {
    of: sumOf,
    add: ({ measure, span, amount }) => void sums.set(idOf(measure, span), sumOf(measure)(span) + amount),
    replace: (read) => sums = new Map(read.map(({ measure, span, amount }) => [idOf(measure, span), amount])),
  };
}

/** Whether anybody will still ask for the sum: of minutes the last two count, of days those of this month. */
export function isKept(measure: Measure, span: number, now: number): boolean {
  if (measure === "requests" || measure === "tokens") return span >= spanOf(measure, now) - 1;
  return span >= monthOf(now).first;
}

function idOf(measure: Measure, span: number): string {
  return `${measure} ${span}`;
}
