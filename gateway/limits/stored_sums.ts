/** The counters of one key in the storage. */

import type { Key, Store } from "../../records/store.ts";
import type { Measure } from "./measures.ts";
import { type Addition, isKept, type Sum } from "./sums.ts";

export interface StoredSums {
  add(additions: readonly Addition[]): Promise<void>;
  /**
   * Every sum that somebody may still ask for; others are cleared away. `undefined` while the storage is away: what it
   * shows then is what was written since only.
   */
  read(): Promise<Sum[] | undefined>;
  clear(): Promise<void>;
}

export interface StoredSumsOptions {
  /** What the key's use is counted by. */
  id: string;
  store: Store;
  now: () => number;
}

/** A month has 31 days of two measures each, and a minute passes before the last one is cleared away. */
const MOST_SUMS = 500;

export function createStoredSums({ id, store, now }: StoredSumsOptions): StoredSums {
  const prefix: Key = ["limits", id];
  const keyOf = ({ measure, span }: Sum): Key => [...prefix, measure, span];
  return {
    async add(additions) {
      await Promise.all(additions.map((addition) => store.add(keyOf(addition), addition.amount)));
    },
    async read() {
      const entries = await store.list<number>(prefix, { limit: MOST_SUMS });
      if (store.state().degraded !== undefined) return undefined;
      const sums = entries.map(({ key: [, , measure, span], value }) => ({
        measure: measure as Measure,
        span: Number(span),
        amount: value,
      }));
      for (const sum of sums) if (!isKept(sum.measure, sum.span, now())) await store.delete(keyOf(sum));
      return sums;
    },
    async clear() {
      for (const { key } of await store.list(prefix, { limit: MOST_SUMS })) await store.delete(key);
    },
  };
}
