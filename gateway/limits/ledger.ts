/** One key's account in the storage: leases are fetched ahead of need, and what nobody uses goes back. */

import type { Key, Store } from "../../records/store.ts";
import { delay, within } from "../../streaming/timer.ts";
import type { KeyLimits } from "../config/key_limits.ts";
import { type Addition, createAccount, isKept, type Refused, type Reservation, type Sum } from "./account.ts";
import { type Amounts, type Gauge, type Measure } from "./measures.ts";

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

/** Milliseconds a request may wait for a lease, in all. */
const PATIENCE = 1000;
/** Milliseconds without a request after which a lease goes back. */
const IDLE = 1000;
/** Where several instances want the last of a limit, one gets it in the first few rounds. */
const ROUNDS = 6;
/** A month has 31 days of two measures each, and a minute passes before the last one is cleared away. */
const MOST_SUMS = 500;

/** A request that waits for a lease. */
interface Ticket {
  amounts: Amounts;
  /** It waits no more: what comes now is not for it. */
  isLate: boolean;
}

export function createLedger({ id, store, now, random, closing, alone }: LedgerOptions): Ledger {
  const prefix: Key = ["limits", id];
  const account = createAccount();
  const waiting = new Set<Ticket>();
  let exchanging: Promise<void> | undefined;
  let resting: Promise<void> | undefined;
  let usedAt = -Infinity;
  let isCleared = false;

  const keyOf = ({ measure, span }: Sum): Key => [...prefix, measure, span];
  const add = (additions: readonly Addition[]) =>
    Promise.all(additions.map((addition) => store.add(keyOf(addition), addition.amount)));

  async function exchange(additions: readonly Addition[]): Promise<void> {
    // What still runs of a key that is gone is counted nowhere.
    if (isCleared) return;
    await add(additions);
    const sums = await read();
    await add(account.learn(additions, sums, now()));
  }

  /** `undefined` while the storage is away: what it shows then is what was written since only. */
  async function read(): Promise<Sum[] | undefined> {
    const entries = await store.list<number>(prefix, { limit: MOST_SUMS });
    if (store.state().degraded !== undefined) {
      alone();
      return undefined;
    }
    const sums = entries.map(({ key: [, , measure, span], value }) => ({
      measure: measure as Measure,
      span: Number(span),
      amount: value,
    }));
    for (const sum of sums) if (!isKept(sum.measure, sum.span, now())) await store.delete(keyOf(sum));
    return sums;
  }

  /** One at a time: whoever comes meanwhile is part of the next. */
  async function refill(): Promise<void> {
    await exchanging;
    exchanging ??= exchange(account.plan([...waiting].map(({ amounts }) => amounts), now())).finally(() =>
      exchanging = undefined
    );
    await exchanging;
  }

  function rest(): void {
    if (resting !== undefined || isCleared || closing.aborted || !account.isOpen()) return;
    resting = giveBack().finally(() => {
      resting = undefined;
      rest();
    });
  }

  async function giveBack(): Promise<void> {
    await delay(IDLE, closing).catch(() => {});
    if (closing.aborted) return;
    if (now() - usedAt < IDLE) return await refill();
    await exchanging;
    await exchange(account.planReturn(now()));
  }

  function tryTake(amounts: Amounts): Reservation | undefined {
    const trust = account.isKnown() ? "ahead" : "leased";
    const reservation = account.take(amounts, "leased", now()) ?? account.take(amounts, trust, now());
    if (reservation === undefined) return undefined;
    usedAt = now();
    if (account.isLow(now())) void refill();
    rest();
    return reservation;
  }

  async function waitFor(ticket: Ticket): Promise<Reservation | Refused | undefined> {
    const { amounts } = ticket;
    for (let round = 0; round < ROUNDS; round++) {
      if (round > 0) await delay(random() * 10 * 2 ** round, closing);
      await refill();
      if (ticket.isLate) return undefined;
      const outcome = account.take(amounts, "leased", now()) ?? account.refusal(amounts, now());
      if (outcome !== undefined) return outcome;
    }
  }

  async function wait(amounts: Amounts): Promise<Reservation | Refused> {
    const ticket = { amounts, isLate: false };
    waiting.add(ticket);
    const waited = await within(waitFor(ticket), PATIENCE, () => new Error("late")).catch(() => undefined);
    ticket.isLate = true;
    waiting.delete(ticket);
    usedAt = now();
    rest();
    return waited ?? decideAlone(amounts);
  }

  /** The storage does not answer in time, or others were faster each time: what is known here decides. */
  function decideAlone(amounts: Amounts): Reservation | Refused {
    const outcome = account.take(amounts, "alone", now()) ?? account.refusal(amounts, now());
    if (outcome === undefined) throw new TypeError("Cannot decide as an account neither takes nor refuses");
    return outcome;
  }

  return {
    async admit(limits, amounts) {
      account.limit(limits);
      return tryTake(amounts) ?? await wait(amounts);
    },
    settle(reservation, used) {
      account.settle(reservation, used, now());
      if (account.isLow(now())) void refill();
      rest();
    },
    gauges(limits) {
      account.limit(limits);
      return account.gauges(now());
    },
    async currentGauges(limits) {
      account.limit(limits);
      await refill();
      return account.gauges(now());
    },
    async close() {
      if (isCleared) return;
      await exchanging;
      await add(account.planReturn(now()));
    },
    async clear() {
      isCleared = true;
      await exchanging;
      for (const { key } of await store.list(prefix, { limit: MOST_SUMS })) await store.delete(key);
    },
  };
}
