/** What one key has used and may still use, as far as this instance knows: sums read from the storage, and leases of them. */

import { type Balance, createBalance } from "./balance.ts";
import { createGrants, type Grants } from "./grants.ts";
import { type Gauge, MEASURES } from "./measures.ts";
import { createRefills, type Refills } from "./refills.ts";

export interface Account extends Grants, Refills, Pick<Balance, "limit"> {
  /** Every limit with what requests have used of it, whatever is leased. */
  gauges(now: number): Gauge[];
  /** Whether the storage does not have all yet, or has leased what nobody uses. */
  isOpen(): boolean;
}

/**
 * A lease is added to the counter before it is used, and is good only as far as the sum that was read after that is within
 * the limit. So whatever the number of instances, the leases of all together never exceed it: each one's sum holds all
 * that was leased before. What an instance has leased, it hands out without asking anybody.
 */
export function createAccount(): Account {
  const balance = createBalance();
  const { leases } = balance;
  return {
    limit: balance.limit,
    ...createGrants(balance),
    ...createRefills(balance),
    gauges: (now) =>
      MEASURES.flatMap((measure) => {
        const { held } = leases.of(measure, now);
        return balance.gauges(measure, now).map((gauge) => ({ ...gauge, used: Math.max(gauge.used - held, 0) }));
      }),
    isOpen: () => leases.isOpen(),
  };
}
