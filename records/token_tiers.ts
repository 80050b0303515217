/** Token counts without overlaps: the kinds of tokens that can have a price of their own (CASES U3). */

import type { Usage } from "../chat/usage.ts";

/** No token is in two of them. */
export const TIERS = ["input", "cached", "cacheWrite", "cacheWriteHour", "output", "reasoning"] as const;
export type Tier = (typeof TIERS)[number];

export type TierTokens = Record<Tier, number>;

/** Upstreams whose counts do not add up never make less than 0. */
export function tiersOf(usage: Usage): TierTokens {
  const { input, output, cached = 0, cacheWrite = 0, cacheWriteHour = 0, reasoning = 0 } = usage;
  return {
    input: Math.max(0, input - cached - cacheWrite - cacheWriteHour),
    cached,
    cacheWrite,
    cacheWriteHour,
    output: Math.max(0, output - reasoning),
    reasoning: Math.min(reasoning, output),
  };
}
