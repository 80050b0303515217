/** What an answer cost, from its token counts and the prices known now: each token is billed once (CASES U3, U9). */

import type { Usage } from "../chat/usage.ts";
import { type Tier, TIERS, tiersOf, type TierTokens } from "../records/token_tiers.ts";
import type { Prices } from "./catalog/mod.ts";

/** USD by tier, and their sum. */
export interface Cost extends Record<Tier, number> {
  total: number;
}

const PER = 1_000_000;

/**
 * USD; `undefined` where the price of anything that was used is not known. What the upstream itself calls the cost is no
 * price. A tariff that is no longer among the prices is billed as none.
 */
export function costOf(usage: Usage, prices: Prices | undefined, tariff?: string): Cost | undefined {
  return costOfTiers(tiersOf(usage), prices, tariff);
}

/** The same for counts that were added up before. */
export function costOfTiers(tokens: TierTokens, plain: Prices | undefined, tariff?: string): Cost | undefined {
  if (plain === undefined) return undefined;
  const prices = tariff === undefined ? plain : { ...plain, ...plain.tariffs?.[tariff] };
  const price = {
    input: prices.input,
    cached: prices.cache_read,
    cacheWrite: prices.cache_write,
    cacheWriteHour: prices.cache_write_hour,
    output: prices.output,
    // Thoughts are output like any other, unless the vendor says otherwise.
    reasoning: prices.reasoning ?? prices.output,
  } satisfies Record<Tier, number | undefined>;
  const cost: Cost = { input: 0, cached: 0, cacheWrite: 0, cacheWriteHour: 0, output: 0, reasoning: 0, total: 0 };
  for (const tier of TIERS) {
    if (tokens[tier] === 0) continue;
    const each = price[tier];
    if (each === undefined) return undefined;
    cost[tier] = tokens[tier] * each / PER;
    cost.total += cost[tier];
  }
  return cost;
}
