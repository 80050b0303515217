/** The exchange of one key's account with the storage: adds what it plans, and tells it what all instances have counted. */

import type { Account } from "./account.ts";
import type { Amounts } from "./measures.ts";
import type { StoredSums } from "./stored_sums.ts";
import type { Addition } from "./sums.ts";

export interface Exchange {
  /** Leases what is wanted, one at a time: whoever comes meanwhile is part of the next. */
  refill(): Promise<void>;
  /** What is leased goes back, and what was used is added. */
  giveBack(): Promise<void>;
  /** The same, once and for all: nothing is asked any more. */
  close(): Promise<void>;
  /** Forgets all that was counted: what still runs of a key that is gone is counted nowhere. */
  clear(): Promise<void>;
  isCleared(): boolean;
}

export interface ExchangeOptions {
  account: Account;
  sums: StoredSums;
  /** What waits for a lease, the first first. */
  demand: () => Amounts[];
  now: () => number;
  /** Called where the limits are those of this instance alone. */
  alone: () => void;
}

export function createExchange({ account, sums, demand, now, alone }: ExchangeOptions): Exchange {
  let running: Promise<void> | undefined;
  let isCleared = false;

  async function exchange(additions: readonly Addition[]): Promise<void> {
    if (isCleared) return;
    await sums.add(additions);
    const read = await sums.read();
    if (read === undefined) alone();
    await sums.add(account.learn(additions, read, now()));
  }

  return {
    async refill() {
      await running;
      running ??= exchange(account.plan(demand(), now())).finally(() => running = undefined);
      await running;
    },
    async giveBack() {
      await running;
      await exchange(account.planReturn(now()));
    },
    async close() {
      if (isCleared) return;
      await running;
      await sums.add(account.planReturn(now()));
    },
    async clear() {
      isCleared = true;
      await running;
      await sums.clear();
    },
    isCleared: () => isCleared,
  };
}
