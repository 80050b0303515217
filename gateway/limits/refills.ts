/** What is to be added to the counters of one key in the storage, and what is leased once that is done. */

import type { Balance } from "./balance.ts";
import type { Lease } from "./leases.ts";
import { type Amounts, type Measure, MEASURES } from "./measures.ts";
import type { Addition, Sum } from "./sums.ts";

export interface Refills {
  /** What is to be added to the counters now; `demand` is what waits for a lease, the first of it at least. */
  plan(demand: readonly Amounts[], now: number): Addition[];
  /** The same, for when nobody asks any more: what is leased goes back. */
  planReturn(now: number): Addition[];
  /**
   * The additions are done, and the sums were read after that, or could not be. What was leased beyond a limit is to be
   * given back.
   */
  learn(done: readonly Addition[], sums: readonly Sum[] | undefined, now: number): Addition[];
  /** Whether the storage was ever asked. */
  isKnown(): boolean;
  /** Whether there will be too little leased soon. */
  isLow(now: number): boolean;
}

/** Of what a limit leaves, no more is leased ahead of need: other instances want some, too. */
const MOST_AHEAD = 1 / 8;

/** A sum weighed by a share of a minute is not exact. */
const ROUNDING = 1e-6;

export function createRefills({ sums, leases, room }: Balance): Refills {
  let isKnown = false;

  /** What is late, and what each lease asks for. */
  function additions(amountOf: (measure: Measure, lease: Lease) => number, now: number): Addition[] {
    const current = MEASURES.map((measure) => {
      const lease = leases.of(measure, now);
      return { measure, span: lease.span, amount: amountOf(measure, lease), isLease: true };
    });
    return [...leases.takeLate(), ...current].filter(({ amount }) => amount !== 0);
  }

  /** The lease, or what of it is within the limits; the rest is to be given back. */
  function credit({ measure, span, amount }: Addition, now: number): Addition[] {
    const lease = leases.of(measure, now);
    // The span was over before the storage had answered: what was held in it is accounted for without this.
    if (lease.span !== span) return [{ measure, span, amount: -amount, isLease: false }];
    lease.held += amount;
    lease.taken = 0;
    // What is used already cannot be given back.
    const excess = Math.min(Math.ceil(-room(measure, now) - ROUNDING), lease.held, amount);
    if (!(excess > 0)) return [];
    lease.held -= excess;
    const back = { measure, span, amount: -excess, isLease: false };
    sums.add(back);
    return [back];
  }

  return {
    plan: (demand, now) =>
      additions((measure, lease) => {
        const waiting = demand.map((amounts) => amounts[measure]);
        return wanted(waiting, { lease, room: room(measure, now) });
      }, now),
    planReturn: (now) => additions((_, { held }) => -held, now),
    learn(done, read, now) {
      isKnown = true;
      if (read === undefined) { for (const addition of done) sums.add(addition); }
      else sums.replace(read);
      return done.flatMap((addition) => addition.isLease ? credit(addition, now) : []);
    },
    isKnown: () => isKnown,
    isLow: (now) =>
      MEASURES.some((measure) => {
        const { held, taken } = leases.of(measure, now);
        return held < taken / 2 && Number.isFinite(room(measure, now));
      }),
  };
}

/** Pays what was used beyond the lease, and leases what is wanted as far as there is room. */
function wanted(waiting: readonly number[], known: { lease: Lease; room: number }): number {
  const held = Math.max(known.lease.held, 0);
  const debt = Math.max(-known.lease.held, 0);
  const room = known.room - debt;
  if (room === Infinity) return debt;
  const first = Math.max((waiting[0] ?? 0) - held, 0);
  if (first > room) return debt;
  const all = waiting.reduce((sum, amount) => sum + amount, 0);
  const missing = Math.max(all + Math.min(2 * known.lease.taken, room * MOST_AHEAD) - held, 0);
  // Half of it: where all instances ask for all at once, none gets any.
  const lease = Math.max(Math.min(missing, room / 2), first, 0);
  return debt + Math.floor(lease);
}
