/** The store that the gateway uses: Deno KV, and memory for as long as KV is slow, full or gone. */

import { assertAmount, assertKey } from "./keys.ts";
import { createKvLink, type KvLinkOptions } from "./kv_link.ts";
import { createMemoryStore } from "./memory_store.ts";
import { catchUp, createMissedWrites, type MissedWrites } from "./missed_writes.ts";
import type { Database } from "./open_kv.ts";
import type { Key, Store } from "./store.ts";

export interface ResilientStoreOptions extends Partial<Database>, Pick<KvLinkOptions, "now" | "log"> {
  /** Milliseconds KV may take to answer before it is taken for gone. */
  timeout?: number;
  /** Milliseconds until it is tried again, at first. */
  retryAfter?: number;
  /** Bytes kept in memory. */
  limit?: number;
}

interface Operation<T> {
  work: (store: Store) => Promise<T>;
  /** Notes a write that reached only memory, or of which nobody knows whether it reached KV. */
  miss?: (missed: MissedWrites, how: { isTried: boolean }) => void;
}

/** Keys that were written while KV was away. */
const MOST_MISSED = 50_000;

/**
 * Opens nothing before it is used. While KV is away, reads see only what was written in that time: who follows settings
 * keeps what it has for as long as `state` says `degraded`. When KV is back, what was written meanwhile is written to
 * it, as far as memory still holds it; an addition of which nobody knows whether KV did it is then done again.
 */
export function createStore(options: ResilientStoreOptions): Store {
  const { open, pollInterval = 0, isOptional = false, now, log } = options;
  const { timeout = 2_000, retryAfter = 30_000, limit = 64 * 1024 * 1024 } = options;
  if (open === undefined) return createMemoryStore({ now, limit });

  const missed = createMissedWrites({ now, limit: MOST_MISSED });
  const watches = movableWatches();
  let memory = createMemoryStore({ now, limit });
  const link = createKvLink({
    ...{ open, pollInterval, isOptional, now, log, timeout, retryAfter },
    missing: missed.count,
    async catchUp(store) {
      const lost = await catchUp(missed, { from: memory, to: store, now: now() });
      if (lost > 0) log.warn("Cannot write all that was kept in memory while Deno KV was away", { lost });
    },
    switched(store) {
      watches.moveTo(store ?? memory);
      if (store !== undefined) memory = createMemoryStore({ now, limit });
    },
  });

  /** `isTried`: KV was asked to do it, and gave no answer. */
  async function perform<T>(operation: Operation<T>, isTried = false): Promise<T> {
    const { work, miss } = operation;
    await link.ready();
    const store = link.current();
    if (store === undefined) {
      miss?.(missed, { isTried });
      return await work(memory);
    }
    try {
      return await work(store);
    } catch (error) {
      if (link.current() !== store) return await perform(operation, true);
      // A mistake of the caller fails here, too, and says nothing about KV.
      const result = await work(memory);
      miss?.(missed, { isTried: true });
      link.giveUp(store, error);
      return result;
    }
  }

  return {
    ...operations(perform),
    watch(keys, changed) {
      // Not waited for: once KV is there, it is watched.
      void link.ready();
      return watches.watch(link.current() ?? memory, { keys, changed });
    },
    state: link.state,
    async close() {
      watches.end();
      await link.close();
      await memory.close();
    },
  };
}

/** The methods that are one call of whichever store there is. */
function operations(
  perform: <T>(operation: Operation<T>) => Promise<T>,
): Omit<Store, "watch" | "state" | "close"> {
  return {
    get: (key) => perform({ work: (store) => store.get(key) }),
    list: (prefix, options) => perform({ work: (store) => store.list(prefix, options) }),
    counter: (key) => perform({ work: (store) => store.counter(key) }),
    async set(key, value, options = {}) {
      assertKey(key);
      return await perform({
        work: (store) => store.set(key, value, options),
        miss: (missed, { isTried }) => missed.set(key, options, isTried ? [value] : undefined),
      });
    },
    async setAll(writes) {
      for (const { key } of writes) assertKey(key);
      await perform({
        work: (store) => store.setAll(writes),
        miss: (missed) => writes.forEach(({ key, value: _, isNew: __, ...options }) => missed.set(key, options)),
      });
    },
    async delete(key) {
      assertKey(key);
      await perform({ work: (store) => store.delete(key), miss: (missed) => missed.delete(key) });
    },
    async add(key, amount) {
      assertKey(key);
      assertAmount(amount);
      await perform({ work: (store) => store.add(key, amount), miss: (missed) => missed.add(key, amount) });
    },
  };
}

interface Watch {
  keys: readonly Key[];
  changed: () => void;
}

/** Who watches which keys, whatever store they are in. */
function movableWatches() {
  const stops = new Map<Watch, () => void>();
  return {
    watch(store: Store, watch: Watch): () => void {
      stops.set(watch, store.watch(watch.keys, watch.changed));
      return () => {
        stops.get(watch)?.();
        stops.delete(watch);
      };
    },
    moveTo(store: Store): void {
      for (const [watch, stop] of stops) {
        stop();
        stops.set(watch, store.watch(watch.keys, watch.changed));
      }
    },
    end(): void {
      for (const stop of stops.values()) stop();
      stops.clear();
    },
  };
}
