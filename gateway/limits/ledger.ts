/** One key's account in the storage: leases are fetched ahead of need, and what nobody uses goes back. */

import type { Store } from "../../records/store.ts";
import type { KeyLimits } from "../config/key_limits.ts";
import { createAccount } from "./account.ts";
import { createExchange, type Exchange } from "./exchange.ts";
import type { Refused, Reservation } from "./grants.ts";
import { createIdleReturn } from "./idle_return.ts";
import { createLeaseQueue } from "./lease_queue.ts";
import type { Amounts, Gauge } from "./measures.ts";
import { createStoredSums } from "./stored_sums.ts";

export interface Ledger {
  /** Lets a request in; waits for the storage only where what is leased is used up. */
  admit(limits: KeyLimits, amounts: Amounts): Promise<Reservation | Refused>;
  settle(reservation: Reservation, used: Amounts): void;
  /** Every limit with what is used of it, as far as is known here. */
  gauges(limits: KeyLimits): Gauge[];
  /** The same, with what other instances have counted until now. */
  currentGauges(limits: KeyLimits): Promise<Gauge[]>;
  /** Gives back what is leased, and adds what was used: resolves when the storage has it. */
  close(): Promise<void>;
  /** Forgets all that was counted. */
  clear(): Promise<void>;
}

export interface LedgerOptions {
  /** What the key's use is counted by. */
  id: string;
  store: Store;
  now: () => number;
  /** A number in [0, 1). */
  random: () => number;
  closing: AbortSignal;
  /** Called where the limits are those of this instance alone. */
  alone: () => void;
}

export function createLedger(options: LedgerOptions): Ledger {
  const { now } = options;
  const account = createAccount();
  const queue = createLeaseQueue({ ...options, account, refill: () => exchange.refill() });
  const sums = createStoredSums(options);
  const exchange: Exchange = createExchange({ ...options, account, sums, demand: queue.demand });
  const idle = createIdleReturn({ ...options, account, exchange });

  /** What was taken or given back may leave too little, or too much. */
  function tend(): void {
    if (account.isLow(now())) void exchange.refill();
    idle.arm();
  }

  function tryTake(amounts: Amounts): Reservation | undefined {
    const trust = account.isKnown() ? "ahead" : "leased";
    const reservation = account.take(amounts, "leased", now()) ?? account.take(amounts, trust, now());
    if (reservation === undefined) return undefined;
    idle.used();
    tend();
    return reservation;
  }

  async function wait(amounts: Amounts): Promise<Reservation | Refused> {
    const outcome = await queue.wait(amounts);
    idle.used();
    idle.arm();
    return outcome;
  }

  return {
    async admit(limits, amounts) {
      account.limit(limits);
      return tryTake(amounts) ?? await wait(amounts);
    },
    settle(reservation, used) {
      account.settle(reservation, used, now());
      tend();
    },
    gauges(limits) {
      account.limit(limits);
      return account.gauges(now());
    },
    async currentGauges(limits) {
      account.limit(limits);
      await exchange.refill();
      return account.gauges(now());
    },
    close: () => exchange.close(),
    clear: () => exchange.clear(),
  };
}
