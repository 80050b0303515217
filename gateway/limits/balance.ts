/** What the limits of one key leave, by its sums and its leases, as far as this instance knows them. */

import type { KeyLimits } from "../config/key_limits.ts";
import { createLeases, type Leases } from "./leases.ts";
import { type Gauge, gaugesOf, type Measure } from "./measures.ts";
import { createSums, type Sums } from "./sums.ts";

export interface Balance {
  sums: Sums;
  leases: Leases;
  /** From now on these limits hold. */
  limit(limits: KeyLimits): void;
  /** Every limit on the measure; used is what is leased, too. */
  gauges(measure: Measure, now: number): Gauge[];
  /** What the limits leave that nobody has leased; infinite where there is none. */
  room(measure: Measure, now: number): number;
}

export function createBalance(): Balance {
  let limits: KeyLimits = {};
  const sums = createSums();
  const gauges = (measure: Measure, now: number) => gaugesOf(limits, measure, { sumOf: sums.of(measure), now });
  return {
    sums,
    leases: createLeases(),
    limit: (changed) => limits = changed,
    gauges,
    room: (measure, now) => Math.min(...gauges(measure, now).map(({ limit, used }) => limit - used)),
  };
}
