/** What one instance has leased of a key's counters and not used, span by span. */

import { type Measure, spanOf } from "./measures.ts";
import { type Addition, isKept, type Sum } from "./sums.ts";

export interface Lease {
  span: number;
  /** Leased and not used; below 0 where more was used than leased. */
  held: number;
  /** Used since the counters were last added to. */
  taken: number;
}

export interface Leases {
  /** That of the span that runs now. */
  of(measure: Measure, now: number): Lease;
  use(measure: Measure, amount: number, now: number): void;
  /** So much more was used in that span than was taken for it, or less where it is below 0. */
  correct(more: Sum, now: number): void;
  /** What is to be added for spans that are over: from now on it is the caller's. */
  takeLate(): Addition[];
  /** Whether the storage does not have all yet, or has leased what nobody uses. */
  isOpen(): boolean;
}

export function createLeases(): Leases {
  const leases = new Map<Measure, Lease>();
  /** For spans that are over, until they are added. */
  const late: Addition[] = [];

  function leaseOf(measure: Measure, now: number): Lease {
    const span = spanOf(measure, now);
    const old = leases.get(measure);
    if (old?.span === span) return old;
    if (old !== undefined && old.held !== 0) late.push({ measure, span: old.span, amount: -old.held, isLease: false });
    const lease = { span, held: 0, taken: 0 };
    leases.set(measure, lease);
    return lease;
  }

  return {
    of: leaseOf,
    use(measure, amount, now) {
      const lease = leaseOf(measure, now);
      lease.held -= amount;
      lease.taken += amount;
    },
    correct({ measure, span, amount }, now) {
      const lease = leaseOf(measure, now);
      if (amount === 0) return;
      if (lease.span === span) lease.held -= amount;
      else if (isKept(measure, span, now)) late.push({ measure, span, amount, isLease: false });
    },
    takeLate: () => late.splice(0),
    isOpen: () => late.length > 0 || [...leases.values()].some(({ held }) => held !== 0),
  };
}
