/** What could not be written while the storage was away, by key and without its values: those are in memory. */

import { idOfKey } from "./keys.ts";
import type { Key, SetOptions, Store } from "./store.ts";

export interface MissedWrite {
  key: Key;
  kind: "set" | "delete" | "add";
  /** Of a counter, in all. */
  amount: number;
  expiresAt?: number;
  /** Whether the first write of the key did not care for what was there: else the storage must not have got a value. */
  replaces: boolean;
  /** What the storage may have got by writes that failed, as nobody knows whether it did them: that may be replaced. */
  tried?: unknown[];
  /** How often the storage did not take it, and answered others. */
  refusals?: number;
}

export interface MissedWrites {
  /** Keys. */
  count(): number;
  set(key: Key, options: SetOptions, tried?: unknown[]): void;
  delete(key: Key): void;
  add(key: Key, amount: number): void;
  /** Takes out up to so many, the oldest first. */
  take(count: number): MissedWrite[];
  /** Puts back what was taken; what was missed since goes before it. */
  putBack(writes: readonly MissedWrite[]): void;
}

export interface MissedWritesOptions {
  now: () => number;
  /** Keys; beyond it the oldest are forgotten. */
  limit: number;
}

export function createMissedWrites({ now, limit }: MissedWritesOptions): MissedWrites {
  const writes = new Map<string, MissedWrite>();

  function put(write: MissedWrite): void {
    const id = idOfKey(write.key);
    writes.delete(id);
    writes.set(id, write);
    for (const oldest of writes.keys()) {
      if (writes.size <= limit) break;
      writes.delete(oldest);
    }
  }

  return {
    count: () => writes.size,
    set(key, { expireIn, check }, tried) {
      const { replaces, tried: first } = writes.get(idOfKey(key)) ?? { replaces: check !== null, tried };
      put({
        ...{ key, kind: "set", amount: 0, replaces },
        ...(expireIn !== undefined && { expiresAt: now() + expireIn }),
        // What replaces anything needs to know of nothing.
        ...(!replaces && first !== undefined && { tried: first }),
      });
    },
    delete: (key) => put({ key, kind: "delete", amount: 0, replaces: true }),
    add(key, more) {
      const { amount = 0, replaces = false } = writes.get(idOfKey(key)) ?? {};
      put({ key, kind: "add", amount: amount + more, replaces });
    },
    take(count) {
      const taken = [...writes.entries().take(count)];
      for (const [id] of taken) writes.delete(id);
      return taken.map(([, write]) => write);
    },
    putBack(taken) {
      for (const write of taken) {
        const since = writes.get(idOfKey(write.key));
        if (since === undefined) put(write);
        else {put({
            ...since,
            amount: since.kind === "add" ? since.amount + write.amount : 0,
            replaces: write.replaces,
            ...(write.tried !== undefined && { tried: write.tried }),
          });}
      }
    },
  };
}

export interface Stores {
  from: Store;
  to: Store;
  now: number;
}

/** What `catchUp` writes at once. */
export const STRIDE = 50;
/** A storage that is busy may refuse some of many; what it refused as often as this it never takes. */
const MOST_REFUSALS = 4;

/**
 * Does some of them after all, and resolves to how many of them had to be given up. Rejects where the storage is away,
 * or takes no write at all; then nothing is lost.
 */
export async function catchUp(missed: MissedWrites, stores: Stores): Promise<number> {
  const writes = missed.take(STRIDE);
  const failed: MissedWrite[] = [];
  let refused = 0;
  let failure: unknown;
  await Promise.all(writes.map(async (write) => {
    try {
      if (!await writeAgain(write, stores)) refused++;
    } catch (error) {
      failed.push(write);
      failure = error;
    }
  }));
  const [first] = failed;
  if (first === undefined) return refused;
  try {
    if (failed.length === writes.length && failed.some(({ refusals }) => refusals === undefined)) throw failure;
    // It took others, now or before, and it answers: the fault is not its being away.
    await stores.to.get(first.key);
    const again = failed.map((write) => ({ ...write, refusals: (write.refusals ?? 0) + 1 }))
      .filter(({ refusals }) => refusals < MOST_REFUSALS);
    missed.putBack(again);
    return failed.length - again.length + refused;
  } catch (error) {
    missed.putBack(failed);
    throw error;
  }
}

/** Resolves to false where the storage has got a value meanwhile that must not be replaced. */
async function writeAgain(write: MissedWrite, { from, to, now }: Stores): Promise<boolean> {
  const { key, kind, amount, expiresAt = Infinity, replaces, tried = [] } = write;
  if (kind === "delete" || (kind === "add" && replaces)) await to.delete(key);
  if (kind === "add") await to.add(key, amount);
  if (kind !== "set" || expiresAt <= now) return true;
  const entry = await from.get(key);
  if (entry === undefined) return true;
  const options = expiresAt === Infinity ? {} : { expireIn: expiresAt - now };
  if (replaces) return await to.set(key, entry.value, options);
  // Should this one fail, nobody knows again whether it was done.
  write.tried = [...tried, entry.value];
  if (await to.set(key, entry.value, { ...options, check: null })) return true;
  const there = await to.get(key);
  if (there === undefined || !tried.some((value) => isSame(value, there.value))) return false;
  return await to.set(key, entry.value, { ...options, check: there.version });
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
