/** Reads values from Deno KV: joins their parts, and leaves out what has expired. */

import { assertList, isUsable } from "./keys.ts";
import type { KvClient } from "./kv_client.ts";
import { type Head, isLive, keyOf, kvKey, partsPrefix, type Stored, valueOf } from "./kv_value.ts";
import type { Entry, Key, ListOptions } from "./store.ts";

export interface KvReader {
  get<T>(key: Key): Promise<Entry<T> | undefined>;
  list<T>(prefix: Key, options: ListOptions): Promise<Entry<T>[]>;
  counter(key: Key): Promise<number>;
}

/** Entries that KV hands over at once: it takes 1,000 since Deno 2, and 500 are 32 MB at most. */
const BATCH = 500;

export function kvReader(client: KvClient, now: () => number): KvReader {
  /**
   * The value as it was or as it is: parts that were replaced while they were read are missing, never mixed, and the
   * key is read again. Where it did not change, they are lost.
   */
  async function entryOf<T>(found: Deno.KvEntryMaybe<Stored>): Promise<Entry<T> | undefined> {
    let entry = found;
    let seen: string | undefined;
    while (entry.versionstamp !== null && entry.versionstamp !== seen) {
      const { versionstamp: version, value: stored } = entry;
      const key = keyOf(entry.key);
      if (stored instanceof Deno.KvU64) return { key, value: sumOf(stored) as T, version };
      if (!isLive(stored, now())) return undefined;
      const whole = valueOf<T>(stored, await partsOf(stored));
      if (whole !== undefined) return { key, value: whole.value, version };
      seen = version;
      entry = await client.get<Stored>(entry.key);
    }
  }

  async function partsOf(head: Head): Promise<Uint8Array[]> {
    if ("bytes" in head) return [];
    const parts: Uint8Array[] = [];
    const selector = { prefix: partsPrefix(head.id) };
    for await (const { value } of client.list<Uint8Array>(selector, { batchSize: BATCH })) parts.push(value);
    return parts;
  }

  async function list<T>(prefix: Key, options: ListOptions): Promise<Entry<T>[]> {
    assertList(prefix, options);
    const { limit, after, reverse = false } = options;
    if (!isUsable(prefix)) return [];
    const entries: Entry<T>[] = [];
    const batchSize = Math.max(Math.min(limit, BATCH), 1);
    const found = client.list<Stored>(selectorOf(prefix, after, reverse), { reverse, batchSize });
    // Again where some have expired, or are gone by now: only the last page is shorter than its limit.
    for (let missing = limit; missing > 0; missing = limit - entries.length) {
      const page = await take(found, missing);
      if (page.length === 0) break;
      entries.push(
        ...(await Promise.all(page.map((entry) => entryOf<T>(entry)))).filter((entry) => entry !== undefined),
      );
    }
    return entries;
  }

  return {
    get: async <T>(key: Key) => isUsable(key) ? await entryOf<T>(await client.get<Stored>(kvKey(key))) : undefined,
    list,
    async counter(key) {
      if (!isUsable(key)) return 0;
      const { value } = await client.get<Stored>(kvKey(key));
      return value instanceof Deno.KvU64 ? sumOf(value) : 0;
    },
  };
}

async function take<T>(items: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = await items.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

/** An empty byte array is the first of all parts of a key: with it, a key is the first one after the key itself. */
function selectorOf(prefix: Key, after: Key | undefined, reverse: boolean): Deno.KvListSelector {
  const selector = { prefix: kvKey(prefix) };
  if (after === undefined) return selector;
  return reverse ? { ...selector, end: kvKey(after) } : { ...selector, start: [...kvKey(after), new Uint8Array()] };
}

/** KV counts without a sign, and wraps around: the upper half are the negative sums. */
function sumOf({ value }: Deno.KvU64): number {
  return Number(BigInt.asIntN(64, value));
}
