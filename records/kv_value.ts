/** How a value lies in Deno KV: under its key where it is small, else in parts, of which its key holds the number. */

import { sizeOfKey } from "./keys.ts";
import type { Key, SetOptions } from "./store.ts";
import { bytesOf, valueIn } from "./value_bytes.ts";

/** What is under the value's own key. The parts of each write have an id of their own, so that no reader mixes two. */
export type Head = { expiresAt?: number } & ({ bytes: Uint8Array } | { id: string; count: number });

/** What can be found under a key: a value's head, or a counter's sum. */
export type Stored = Head | Deno.KvU64;

const VALUES = "anystream";
const PARTS = "anystream parts";

/** KV takes 65,536 bytes, its own marks and `expiresAt` included. */
const PART_SIZE = 64_000;

/** What one transaction carries: KV takes 1,000 mutations, and 819,200 bytes with 81,920 of keys, also in checks. */
const GROUP = { mutations: 1_000, size: 700_000, keys: 35_000 };

export function kvKey(key: Key): Deno.KvKey {
  return [VALUES, ...key];
}

/** The key of a store's entry: `kvKey` put nothing else into it. */
export function keyOf(key: Deno.KvKey): Key {
  return key.slice(1) as (string | number)[];
}

/**
 * What writes a value: its parts, if it has any, then its head, which makes them count.
 *
 * @throws TypeError where JSON cannot hold the value.
 */
export function draftOf(
  key: Key,
  value: unknown,
  { expireIn, now }: Pick<SetOptions, "expireIn"> & { now: number },
): Deno.KvMutation[] {
  const bytes = bytesOf(value);
  const expiry = expireIn === undefined ? {} : { expiresAt: now + expireIn };
  // It takes no 0. What it keeps for too long is not read, as `expiresAt` is looked at.
  const options = expireIn === undefined ? {} : { expireIn: Math.max(Math.ceil(expireIn), 1) };
  const set = (key: Deno.KvKey, value: Head | Uint8Array): Deno.KvMutation => ({ type: "set", key, value, ...options });

  if (bytes.byteLength <= PART_SIZE) return [set(kvKey(key), { bytes, ...expiry })];
  const head = { id: crypto.randomUUID(), count: Math.ceil(bytes.byteLength / PART_SIZE), ...expiry };
  const parts = partKeys(head).map((key, index) =>
    set(key, bytes.subarray(index * PART_SIZE, (index + 1) * PART_SIZE))
  );
  return [...parts, set(kvKey(key), head)];
}

/** KV expires a value at some time after it should: until then it is there, but not for us. */
export function isLive(stored: Stored, now: number): boolean {
  return stored instanceof Deno.KvU64 || (stored.expiresAt ?? Infinity) > now;
}

/** Of a head and, in their order, the parts that were found; nothing where some are missing. */
export function valueOf<T>(head: Head, parts: readonly Uint8Array[]): { value: T } | undefined {
  if ("bytes" in head) return { value: valueIn<T>(head.bytes) };
  if (parts.length !== head.count) return undefined;
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  parts.reduce((offset, part) => (bytes.set(part, offset), offset + part.byteLength), 0);
  return { value: valueIn<T>(bytes) };
}

/** Below which the parts are, in their order. */
export function partsPrefix(id: string): Deno.KvKey {
  return [PARTS, id];
}

export function partKeys(stored: Stored | null): Deno.KvKey[] {
  if (stored === null || stored instanceof Deno.KvU64 || "bytes" in stored) return [];
  const head = stored;
  return Array.from({ length: head.count }, (_, index) => [...partsPrefix(head.id), index]);
}

/** Whether it is of a value's own key, and not of one of its parts. */
export function isHead({ key }: Deno.KvMutation): boolean {
  return key[0] === VALUES;
}

/** In their order, each group no more than one transaction may carry. */
export function inTransactions(mutations: readonly Deno.KvMutation[], limit = GROUP.mutations): Deno.KvMutation[][] {
  const groups: Deno.KvMutation[][] = [];
  let [size, keys] = [0, 0];
  for (const mutation of mutations) {
    const [own, ownKey] = [sizeOf(mutation), sizeOfKey(mutation.key as Key)];
    const last = groups.at(-1);
    if (last !== undefined && last.length < limit && size + own <= GROUP.size && keys + ownKey <= GROUP.keys) {
      last.push(mutation);
      [size, keys] = [size + own, keys + ownKey];
    } else {
      groups.push([mutation]);
      [size, keys] = [own, ownKey];
    }
  }
  return groups;
}

function sizeOf(mutation: Deno.KvMutation): number {
  if (mutation.type !== "set") return 0;
  if (mutation.value instanceof Uint8Array) return mutation.value.byteLength;
  const head = mutation.value as Head;
  return "bytes" in head ? head.bytes.byteLength : 0;
}
