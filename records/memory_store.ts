/** A store that keeps what it is given in memory: ordered, expiring, and bounded. */

import { assertAmount, assertKey, assertList, compareKeys } from "./keys.ts";
import { type Slot, sortedSlots } from "./sorted_slots.ts";
import type { Entry, Key, ListOptions, SetOptions, Store } from "./store.ts";
import { bytesOf, valueIn } from "./value_bytes.ts";

export interface MemoryStoreOptions {
  now: () => number;
  /** Bytes of values and keys. Over it the oldest values that expire go first, then the oldest of the others. */
  limit: number;
}

export function createMemoryStore(options: MemoryStoreOptions): Store {
  const watches = keyWatches();
  const { get, set, remove, list, add, counter } = createValues(options, watches.tell);
  // `Promise.try` runs at once, so that nothing comes between a check and its write, and makes a throw a rejection.
  return {
    get: <T>(key: Key) => Promise.try(() => get<T>(key)),
    set: (key, value, options) => Promise.try(() => set(key, value, options)),
    setAll: (writes) =>
      Promise.try(() => writes.forEach(({ key, value, isNew: _, ...options }) => set(key, value, options))),
    delete: (key) => Promise.try(() => remove(key)),
    list: <T>(prefix: Key, options: ListOptions) => Promise.try(() => list<T>(prefix, options)),
    add: (key, amount) => Promise.try(() => add(key, amount)),
    counter: (key) => Promise.try(() => counter(key)),
    watch: watches.watch,
    state: () => ({ mode: "memory" }),
    close: () => Promise.resolve(watches.clear()),
  };
}

/** The store without its promises; tells of each key that changes. */
function createValues({ now, limit }: MemoryStoreOptions, tell: (key: Key) => void) {
  const slots = sortedSlots(limit);
  // Begins with the time, so that a version from before a restart is not taken for one of after it.
  let lastVersion = now();

  const isLive = (slot: Slot) => slot.expiresAt > now();
  const liveAt = (key: Key) => {
    const slot = slots.at(key);
    return slot !== undefined && isLive(slot) ? slot : undefined;
  };

  function put(key: Key, held: Slot["held"], expiresAt = Infinity): void {
    slots.put({ key: [...key], held, version: String(++lastVersion), expiresAt });
    tell(key);
  }

  return {
    get<T>(key: Key): Entry<T> | undefined {
      const slot = liveAt(key);
      return slot && entryOf<T>(slot);
    },
    set(key: Key, value: unknown, { expireIn, check }: SetOptions = {}): boolean {
      assertKey(key);
      const bytes = bytesOf(value);
      if (check !== undefined && check !== (liveAt(key)?.version ?? null)) return false;
      put(key, bytes, expireIn === undefined ? Infinity : now() + expireIn);
      return true;
    },
    remove(key: Key): void {
      assertKey(key);
      if (slots.remove(key)) tell(key);
    },
    list<T>(prefix: Key, options: ListOptions): Entry<T>[] {
      assertList(prefix, options);
      return [...Iterator.from(slots.below(prefix, options)).filter(isLive).take(options.limit).map(entryOf<T>)];
    },
    add(key: Key, amount: number): void {
      assertKey(key);
      assertAmount(amount);
      const held = liveAt(key)?.held ?? 0;
      if (typeof held !== "number") throw new TypeError("Cannot add to a key as it holds a value");
      put(key, held + amount);
    },
    counter(key: Key): number {
      const held = liveAt(key)?.held;
      return typeof held === "number" ? held : 0;
    },
  };
}

/** Who is to be called back about which keys. */
function keyWatches() {
  const watches = new Set<{ keys: readonly Key[]; changed: () => void }>();
  return {
    watch(keys: readonly Key[], changed: () => void): () => void {
      const watch = { keys, changed };
      watches.add(watch);
      return () => void watches.delete(watch);
    },
    /** Soon, not now: the write is done first. */
    tell(key: Key): void {
      for (const watch of watches) {
        if (!watch.keys.some((watched) => compareKeys(watched, key) === 0)) continue;
        queueMicrotask(() => watches.has(watch) && watch.changed());
      }
    },
    clear: () => watches.clear(),
  };
}

function entryOf<T>({ key, held, version }: Slot): Entry<T> {
  return { key, value: typeof held === "number" ? held as T : valueIn<T>(held), version };
}
