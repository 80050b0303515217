/** The calls of Deno KV that are used, each with a time limit, and cut to what one call may carry. */

import { within } from "../streaming/timer.ts";

export interface KvClient {
  get<T>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>>;
  getMany<T>(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<T>[]>;
  list<T>(selector: Deno.KvListSelector, options: Deno.KvListOptions): AsyncIterableIterator<Deno.KvEntry<T>>;
  /** In one transaction; resolves to false where a check did not hold. */
  commit(checks: readonly Deno.AtomicCheck[], mutations: readonly Deno.KvMutation[]): Promise<boolean>;
}

/** Keys that one call may read. */
export const READ_LIMIT = 10;

/** Every call takes at most `timeout` milliseconds, then rejects: KV on a network can be silent for ever. */
export function kvClient(kv: Deno.Kv, timeout: number): KvClient {
  const timed = <T>(work: Promise<T>): Promise<T> =>
    within(work, timeout, () => new Error(`Cannot wait longer for Deno KV as it was silent for ${timeout} ms`));

  return {
    get: (key) => timed(kv.get(key)),
    async getMany<T>(keys: readonly Deno.KvKey[]) {
      const groups = inGroups(keys, READ_LIMIT);
      return (await Promise.all(groups.map((group) => timed(kv.getMany<T[]>(group))))).flat();
    },
    async *list<T>(selector: Deno.KvListSelector, options: Deno.KvListOptions) {
      const entries = kv.list<T>(selector, options);
      while (true) {
        const { done, value } = await timed(entries.next());
        if (done) return;
        yield value;
      }
    },
    async commit(checks, mutations) {
      const { ok } = await timed(kv.atomic().check(...checks).mutate(...mutations).commit());
      return ok;
    },
  };
}

export function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
