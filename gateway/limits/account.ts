/** What one key has used and may still use, as far as this instance knows: sums read from the storage, and leases of them. */

import type { KeyLimits } from "../config/key_limits.ts";
import { type Amounts, fitsAt, type Gauge, gaugesOf, type Measure, MEASURES, monthOf, spanOf } from "./measures.ts";

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

/** What a request was let in with. */
export interface Reservation {
  amounts: Amounts;
  spans: Readonly<Record<Measure, number>>;
}

export interface Refused {
  gauge: Gauge;
  /** What was asked for. */
  amount: number;
  /** When it may fit; milliseconds since the epoch. */
  fitsAt: number;
}

/**
 * How far a request may go: with what is leased; once ahead of the lease, where by all that is known there is room; or as
 * far as this instance alone knows, which is what is left where the storage does not answer.
 */
export type Trust = "leased" | "ahead" | "alone";

export interface Account {
  /** From now on these limits hold. */
  limit(limits: KeyLimits): void;
  /** Takes so much; `undefined` where that is too much. */
  take(amounts: Amounts, trust: Trust, now: number): Reservation | undefined;
  /** The limit that by all that is known leaves too little, whatever is leased. */
  refusal(amounts: Amounts, now: number): Refused | undefined;
  /** The request has ended, and used so much. */
  settle(reservation: Reservation, used: Amounts, now: number): void;
  /** What is to be added to the counters now; `demand` is what waits for a lease, the first of it at least. */
  plan(demand: readonly Amounts[], now: number): Addition[];
  /** The same, for when nobody asks any more: what is leased goes back. */
  planReturn(now: number): Addition[];
  /**
   * The additions are done, and the sums were read after that, or could not be. What was leased beyond a limit is to be
   * given back.
   */
  learn(done: readonly Addition[], sums: readonly Sum[] | undefined, now: number): Addition[];
  gauges(now: number): Gauge[];
  /** Whether the sums were ever read. */
  isKnown(): boolean;
  /** Whether there will be too little leased soon. */
  isLow(now: number): boolean;
  /** Whether the storage does not have all yet, or has leased what nobody uses. */
  isOpen(): boolean;
}

interface Lease {
  span: number;
  /** Leased and not used; below 0 where more was used than leased. */
  held: number;
  /** Used since the counters were last added to. */
  taken: number;
}

/** Of what a limit leaves, no more is leased ahead of need: other instances want some, too. */
const MOST_AHEAD = 1 / 8;

/** A sum weighed by a share of a minute is not exact. */
const ROUNDING = 1e-6;

/**
 * A lease is added to the counter before it is used, and is good only as far as the sum that was read after that is within
 * the limit. So whatever the number of instances, the leases of all together never exceed it: each one's sum holds all
 * that was leased before. What an instance has leased, it hands out without asking anybody.
 */
export function createAccount(): Account {
  let limits: KeyLimits = {};
  const leases = new Map<Measure, Lease>();
  /** For spans that are over, until they are added. */
  const late: Addition[] = [];
  let sums = new Map<string, number>();
  let isKnown = false;

  const sumOf = (measure: Measure) => (span: number) => sums.get(idOf(measure, span)) ?? 0;
  const gaugesNow = (measure: Measure, now: number) => gaugesOf(limits, measure, { sumOf: sumOf(measure), now });
  /** What the limits leave that nobody has leased. */
  const roomOf = (measure: Measure, now: number) =>
    Math.min(...gaugesNow(measure, now).map(({ limit, used }) => limit - used));

  function leaseOf(measure: Measure, now: number): Lease {
    const span = spanOf(measure, now);
    const old = leases.get(measure);
    if (old?.span === span) return old;
    if (old !== undefined && old.held !== 0) late.push({ measure, span: old.span, amount: -old.held, isLease: false });
    const lease = { span, held: 0, taken: 0 };
    leases.set(measure, lease);
    return lease;
  }

  function has(measure: Measure, amount: number, trust: Trust, now: number): boolean {
    const { held } = leaseOf(measure, now);
    const room = roomOf(measure, now);
    if (room === Infinity || held >= amount) return true;
    if (trust === "leased" || (trust === "ahead" && held < 0)) return false;
    return held + room >= amount;
  }

  function use(measure: Measure, amount: number, now: number): void {
    const lease = leaseOf(measure, now);
    lease.held -= amount;
    lease.taken += amount;
  }

  /** Pays what was used beyond the lease, and leases what is wanted as far as there is room. */
  function wanted(measure: Measure, demand: readonly Amounts[], now: number): number {
    const { held, taken } = leaseOf(measure, now);
    const debt = Math.max(-held, 0);
    const room = roomOf(measure, now) - debt;
    if (room === Infinity) return debt;
    const first = Math.max((demand[0]?.[measure] ?? 0) - Math.max(held, 0), 0);
    if (first > room) return debt;
    const waiting = demand.reduce((sum, amounts) => sum + amounts[measure], 0);
    const missing = Math.max(waiting + Math.min(2 * taken, room * MOST_AHEAD) - Math.max(held, 0), 0);
    // Half of it: where all instances ask for all at once, none gets any.
    const lease = Math.max(Math.min(missing, room / 2), first, 0);
    return debt + Math.floor(lease);
  }

  function addTo(measure: Measure, span: number, amount: number): void {
    sums.set(idOf(measure, span), sumOf(measure)(span) + amount);
  }

  /** The lease, or what of it is within the limits; the rest is to be given back. */
  function credit({ measure, span, amount }: Addition, now: number): Addition[] {
    const lease = leaseOf(measure, now);
    // The span was over before the storage had answered: what was held in it is accounted for without this.
    if (lease.span !== span) return [{ measure, span, amount: -amount, isLease: false }];
    lease.held += amount;
    lease.taken = 0;
    // What is used already cannot be given back.
    const excess = Math.min(Math.ceil(-roomOf(measure, now) - ROUNDING), lease.held, amount);
    if (!(excess > 0)) return [];
    lease.held -= excess;
    addTo(measure, span, -excess);
    return [{ measure, span, amount: -excess, isLease: false }];
  }

  return {
    limit(changed) {
      limits = changed;
    },
    take(amounts, trust, now) {
      if (!MEASURES.every((measure) => has(measure, amounts[measure], trust, now))) return undefined;
      for (const measure of MEASURES) use(measure, amounts[measure], now);
      const spans = Object.fromEntries(MEASURES.map((measure) => [measure, spanOf(measure, now)]));
      return { amounts, spans: spans as Record<Measure, number> };
    },
    refusal(amounts, now) {
      for (const measure of MEASURES) {
        const held = leaseOf(measure, now).held;
        const full = gaugesNow(measure, now).find(({ limit, used }) => limit - used + held < amounts[measure]);
        if (full === undefined) continue;
        const free = {
          sumOf: (span: number) => sumOf(measure)(span) - (span === spanOf(measure, now) ? held : 0),
          now,
        };
        return { gauge: full, amount: amounts[measure], fitsAt: fitsAt(full, amounts[measure], free) };
      }
    },
    settle({ amounts, spans }, used, now) {
      for (const measure of MEASURES) {
        const lease = leaseOf(measure, now);
        const [span, more] = [spans[measure], used[measure] - amounts[measure]];
        if (more === 0) continue;
        if (lease.span === span) lease.held -= more;
        else if (isKept(measure, span, now)) late.push({ measure, span, amount: more, isLease: false });
      }
    },
    plan(demand, now) {
      const additions = MEASURES.map((measure) => {
        const amount = wanted(measure, demand, now);
        return { measure, span: leaseOf(measure, now).span, amount, isLease: true };
      });
      return [...late.splice(0), ...additions].filter(({ amount }) => amount !== 0);
    },
    planReturn(now) {
      const additions = MEASURES.map((measure) => {
        const { span, held } = leaseOf(measure, now);
        return { measure, span, amount: -held, isLease: true };
      });
      return [...late.splice(0), ...additions].filter(({ amount }) => amount !== 0);
    },
    learn(done, read, now) {
      isKnown = true;
      if (read === undefined) { for (const { measure, span, amount } of done) addTo(measure, span, amount); }
      else sums = new Map(read.map(({ measure, span, amount }) => [idOf(measure, span), amount]));
      return done.flatMap((addition) => addition.isLease ? credit(addition, now) : []);
    },
    gauges: (now) =>
      MEASURES.flatMap((measure) => {
        const held = leaseOf(measure, now).held;
        return gaugesNow(measure, now).map((gauge) => ({ ...gauge, used: Math.max(gauge.used - held, 0) }));
      }),
    isKnown: () => isKnown,
    isLow: (now) =>
      MEASURES.some((measure) => {
        const { held, taken } = leaseOf(measure, now);
        return held < taken / 2 && Number.isFinite(roomOf(measure, now));
      }),
    isOpen: () => late.length > 0 || [...leases.values()].some(({ held }) => held !== 0),
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
