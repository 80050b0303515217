/** What is counted of a key, over which time, and what its limits leave of it. */

import type { KeyLimits } from "../config/key_limits.ts";

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** Milliseconds each is counted over; one counter of the storage holds the sum of one such span. */
export const SPANS = {
  requests: MINUTE,
  tokens: MINUTE,
  dayTokens: DAY,
  /** Millionths of a USD: counters are whole numbers. */
  dayMoney: DAY,
} as const satisfies Record<string, number>;

export type Measure = keyof typeof SPANS;
export type Amounts = Readonly<Record<Measure, number>>;

export const MEASURES = Object.keys(SPANS) as Measure[];

/** The sum counted in the span of that number; spans are numbered since 1970, and begin as UTC's do. */
export type SumOf = (span: number) => number;

/** One limit, and what of it is used. */
export interface Gauge {
  name: Exclude<keyof KeyLimits, "models" | "concurrency">;
  measure: Measure;
  limit: number;
  used: number;
  /** When all of it is free again if nothing more is used; milliseconds since the epoch. */
  resetAt: number;
}

export function spanOf(measure: Measure, now: number): number {
  return Math.floor(now / SPANS[measure]);
}

/** The first and the last day of the month, as numbers of days. */
export function monthOf(now: number): { first: number; next: number } {
  const date = new Date(now);
  const at = (month: number) => Date.UTC(date.getUTCFullYear(), month) / DAY;
  return { first: at(date.getUTCMonth()), next: at(date.getUTCMonth() + 1) };
}

const MICRO = 1_000_000;

/** Every limit there is on a measure; none where nothing limits it. */
export function gaugesOf(limits: KeyLimits, measure: Measure, { sumOf, now }: { sumOf: SumOf; now: number }): Gauge[] {
  const gauge = (name: Gauge["name"], read: () => Pick<Gauge, "used" | "resetAt">): Gauge[] => {
    const limit = limits[name];
    if (limit === undefined) return [];
    return [{ name, measure, limit: name.startsWith("money") ? Math.round(limit * MICRO) : limit, ...read() }];
  };
  const [sliding, day, month] = [() => inMinute(sumOf, now), () => inDay(sumOf, now), () => inMonth(sumOf, now)];
  const gauges = {
    requests: () => gauge("requestsPerMinute", sliding),
    tokens: () => gauge("tokensPerMinute", sliding),
    dayTokens: () => [...gauge("tokensPerDay", day), ...gauge("tokensPerMonth", month)],
    dayMoney: () => [...gauge("moneyPerDay", day), ...gauge("moneyPerMonth", month)],
  } satisfies Record<Measure, () => Gauge[]>;
  return gauges[measure]();
}

/** The last sixty seconds: this minute, and of the one before the share that is not yet a minute ago. */
function inMinute(sumOf: SumOf, now: number): Pick<Gauge, "used" | "resetAt"> {
  const minute = Math.floor(now / MINUTE);
  const share = 1 - (now - minute * MINUTE) / MINUTE;
  const [before, current] = [sumOf(minute - 1), sumOf(minute)];
  return { used: current + before * share, resetAt: (minute + (current > 0 ? 2 : 1)) * MINUTE };
}

function inDay(sumOf: SumOf, now: number): Pick<Gauge, "used" | "resetAt"> {
  const day = Math.floor(now / DAY);
  return { used: sumOf(day), resetAt: (day + 1) * DAY };
}

function inMonth(sumOf: SumOf, now: number): Pick<Gauge, "used" | "resetAt"> {
  const { first, next } = monthOf(now);
  let used = 0;
  for (let day = first; day < next; day++) used += sumOf(day);
  return { used, resetAt: next * DAY };
}

/** When so much more fits into a gauge, as far as is known now; milliseconds since the epoch. */
export function fitsAt(gauge: Gauge, amount: number, { sumOf, now }: { sumOf: SumOf; now: number }): number {
  if (SPANS[gauge.measure] !== MINUTE || amount > gauge.limit) return gauge.resetAt;
  const minute = Math.floor(now / MINUTE);
  const [before, current] = [sumOf(minute - 1), sumOf(minute)];
  const free = gauge.limit - amount;
  // Either enough of the minute before has passed, or of this one in the next.
  if (current <= free) return (minute + passed(free - current, before)) * MINUTE;
  return (minute + 1 + passed(free, current)) * MINUTE;
}

/** The share of a minute after which of its `sum` only `left` still counts. */
function passed(left: number, sum: number): number {
  return sum <= left ? 0 : 1 - left / sum;
}
