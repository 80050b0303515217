/** The calls of Deno KV that are used, each with a time limit, and cut to what one call may carry. */

import { delay, within } from "../streaming/timer.ts";

export interface KvClient {
  get<T>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>>;
  getMany<T>(keys: readonly Deno.KvKey[]): Promise<Deno.KvEntryMaybe<T>[]>;
  list<T>(selector: Deno.KvListSelector, options: Deno.KvListOptions): AsyncIterableIterator<Deno.KvEntry<T>>;
  /** In one transaction; resolves to false where a check did not hold. */
  commit(checks: readonly Deno.AtomicCheck[], mutations: readonly Deno.KvMutation[]): Promise<boolean>;
}

/** Keys that one call may read. */
export const READ_LIMIT = 10;

/** What a file answers that another process writes to at the moment: the call did nothing. */
const LOCKED = /database is locked/;
/** Milliseconds until it is asked again, at first and at most. */
const FIRST_PAUSE = 5;
const LONGEST_PAUSE = 100;

/** Every call takes at most `timeout` milliseconds, then rejects: KV on a network can be silent for ever. */
export function kvClient(kv: Deno.Kv, timeout: number): KvClient {
  const timed = <T>(call: () => Promise<T>): Promise<T> =>
    within(insist(call, timeout), timeout, () => {
      return new Error(`Cannot wait longer for Deno KV as it was silent for ${timeout} ms`);
    });

  return {
    get: (key) => timed(() => kv.get(key)),
    async getMany<T>(keys: readonly Deno.KvKey[]) {
      const groups = inGroups(keys, READ_LIMIT);
      return (await Promise.all(groups.map((group) => timed(() => kv.getMany<T[]>(group))))).flat();
    },
    async *list<T>(selector: Deno.KvListSelector, options: Deno.KvListOptions) {
      const entries = kv.list<T>(selector, options);
      while (true) {
        const { done, value } = await timed(() => entries.next());
        if (done) return;
        yield value;
      }
    },
    async commit(checks, mutations) {
      const { ok } = await timed(() => kv.atomic().check(...checks).mutate(...mutations).commit());
      return ok;
    },
  };
}

/** Makes the call again for as long as another process has the file. */
async function insist<T>(call: () => Promise<T>, timeout: number): Promise<T> {
  const until = performance.now() + timeout;
  for (let pause = FIRST_PAUSE;; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await call();
    } catch (error) {
      if (!LOCKED.test(String(error)) || performance.now() + pause >= until) throw error;
      await delay(pause);
    }
  }
}

export function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
