/** Those requests of one key that wait for a lease, each within its patience. */

import { delay, within } from "../../streaming/timer.ts";
import type { Account } from "./account.ts";
import type { Refused, Reservation } from "./grants.ts";
import type { Amounts } from "./measures.ts";

export interface LeaseQueue {
  /** Waits until the request is let in or refused, or decides by what is known here. */
  wait(amounts: Amounts): Promise<Reservation | Refused>;
  /** What is waited for, the first first. */
  demand(): Amounts[];
}

export interface LeaseQueueOptions {
  account: Account;
  /** Leases what is waited for. */
  refill: () => Promise<void>;
  now: () => number;
  /** A number in [0, 1). */
  random: () => number;
  closing: AbortSignal;
}

/** Milliseconds a request may wait for a lease, in all. */
const PATIENCE = 1000;
/** Where several instances want the last of a limit, one gets it in the first few rounds. */
const ROUNDS = 6;

interface Ticket {
  amounts: Amounts;
  /** It waits no more: what comes now is not for it. */
  isLate: boolean;
}

export function createLeaseQueue({ account, refill, now, random, closing }: LeaseQueueOptions): LeaseQueue {
  const waiting = new Set<Ticket>();
  const decide = (amounts: Amounts, trust: "leased" | "alone") =>
    account.take(amounts, trust, now()) ?? account.refusal(amounts, now());

  async function waitFor(ticket: Ticket): Promise<Reservation | Refused | undefined> {
    for (let round = 0; round < ROUNDS; round++) {
      if (round > 0) await delay(random() * 10 * 2 ** round, closing);
      await refill();
      if (ticket.isLate) return undefined;
      const outcome = decide(ticket.amounts, "leased");
      if (outcome !== undefined) return outcome;
    }
  }

  /** The storage does not answer in time, or others were faster each time: what is known here decides. */
  function decideAlone(amounts: Amounts): Reservation | Refused {
    const outcome = decide(amounts, "alone");
    if (outcome === undefined) throw new TypeError("Cannot decide as an account neither takes nor refuses");
    return outcome;
  }

  return {
    async wait(amounts) {
      const ticket = { amounts, isLate: false };
      waiting.add(ticket);
      const waited = await within(waitFor(ticket), PATIENCE, () => new Error("late")).catch(() => undefined);
      ticket.isLate = true;
      waiting.delete(ticket);
      return waited ?? decideAlone(amounts);
    },
    demand: () => [...waiting].map(({ amounts }) => amounts),
  };
}
