/** Gives back what is leased of a key's counters once no request has asked for it for a while. */

import { delay } from "../../streaming/timer.ts";
import type { Account } from "./account.ts";
import type { Exchange } from "./exchange.ts";

export interface IdleReturn {
  /** A request has asked just now. */
  used(): void;
  /** Sees to it that what is leased goes back at last; a second call meanwhile does nothing. */
  arm(): void;
}

export interface IdleReturnOptions {
  account: Account;
  exchange: Exchange;
  now: () => number;
  closing: AbortSignal;
}

/** Milliseconds without a request after which a lease goes back. */
const IDLE = 1000;

export function createIdleReturn({ account, exchange, now, closing }: IdleReturnOptions): IdleReturn {
  let resting: Promise<void> | undefined;
  let usedAt = -Infinity;

  async function rest(): Promise<void> {
    await delay(IDLE, closing).catch(() => {});
    if (closing.aborted) return;
    // Where the key is in use, what was used is told to the others all the same.
    if (now() - usedAt < IDLE) await exchange.refill();
    else await exchange.giveBack();
  }

  function arm(): void {
    if (resting !== undefined || exchange.isCleared() || closing.aborted || !account.isOpen()) return;
    resting = rest().finally(() => {
      resting = undefined;
      arm();
    });
  }

  return {
    used: () => usedAt = now(),
    arm,
  };
}
