/** What a request is let in with, taken from what one key has leased, and corrected by what it used. */

import type { Balance } from "./balance.ts";
import type { Lease } from "./leases.ts";
import { type Amounts, fitsAt, type Gauge, type Measure, MEASURES, spanOf } from "./measures.ts";

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

export interface Grants {
  /** Takes so much; `undefined` where that is too much. */
  take(amounts: Amounts, trust: Trust, now: number): Reservation | undefined;
  /** The limit that by all that is known leaves too little, whatever is leased. */
  refusal(amounts: Amounts, now: number): Refused | undefined;
  /** The request has ended, and used so much. */
  settle(reservation: Reservation, used: Amounts, now: number): void;
}

export function createGrants({ sums, leases, gauges, room }: Balance): Grants {
  function has(measure: Measure, amount: number, trust: Trust, now: number): boolean {
    const lease = leases.of(measure, now);
    return isEnough(amount, { lease, room: room(measure, now), trust });
  }

  function refusalOf(measure: Measure, amount: number, now: number): Refused | undefined {
    const { span: current, held } = leases.of(measure, now);
    const gauge = gauges(measure, now).find(({ limit, used }) => limit - used + held < amount);
    if (gauge === undefined) return undefined;
    const sumOf = (span: number) => sums.of(measure)(span) - (span === current ? held : 0);
    return { gauge, amount, fitsAt: fitsAt(gauge, amount, { sumOf, now }) };
  }

  return {
    take(amounts, trust, now) {
      if (!MEASURES.every((measure) => has(measure, amounts[measure], trust, now))) return undefined;
      for (const measure of MEASURES) leases.use(measure, amounts[measure], now);
      const spans = Object.fromEntries(MEASURES.map((measure) => [measure, spanOf(measure, now)]));
      return { amounts, spans: spans as Record<Measure, number> };
    },
    refusal(amounts, now) {
      for (const measure of MEASURES) {
        const refused = refusalOf(measure, amounts[measure], now);
        if (refused !== undefined) return refused;
      }
    },
    settle({ amounts, spans }, used, now) {
      for (const measure of MEASURES) {
        const more = used[measure] - amounts[measure];
        leases.correct({ measure, span: spans[measure], amount: more }, now);
      }
    },
  };
}

function isEnough(amount: number, { lease, room, trust }: { lease: Lease; room: number; trust: Trust }): boolean {
  const { held } = lease;
  if (room === Infinity || held >= amount) return true;
  if (trust === "leased" || (trust === "ahead" && held < 0)) return false;
  return held + room >= amount;
}
