/** Keys as Deno KV sees them: their order, their prefixes and their size. */

import type { Key, ListOptions } from "./store.ts";

/** Deno KV takes 2,048, of which the stores need some for themselves. */
const MAX_KEY_SIZE = 2_000;

/** Below 0 where `a` comes first, 0 where they are equal. */
export function compareKeys(a: Key, b: Key): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const order = compareParts(a[at]!, b[at]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Whether the key begins with the prefix and goes on. */
export function isBelow(prefix: Key, key: Key): boolean {
  return key.length > prefix.length && prefix.every((part, at) => part === key[at]);
}

/** A text of the key's own, for maps. */
export function idOfKey(key: Key): string {
  return JSON.stringify(key.map((part) => typeof part === "number" ? [String(part)] : part));
}

/** Bytes the key takes in Deno KV: a text stands between two marks, its NULs are escaped; a number is behind one. */
export function sizeOfKey(key: Key): number {
  return key.reduce<number>((size, part) => size + (typeof part === "number" ? 9 : sizeOfText(part) + 2), 0);
}

/** Whether anything can be under the key, or below the prefix. What comes from a client may be of any length. */
export function isUsable(key: Key): boolean {
  return sizeOfKey(key) <= MAX_KEY_SIZE;
}

/** @throws TypeError where no store takes the key. */
export function assertKey(key: Key): void {
  if (key.length === 0) throw new TypeError("Cannot use a key without parts");
  if (!isUsable(key)) throw new TypeError(`Cannot use a key of more than ${MAX_KEY_SIZE} bytes`);
}

/** @throws TypeError where the page before cannot have ended like that, or the limit is none. */
export function assertList(prefix: Key, { limit, after }: ListOptions): void {
  if (!(limit >= 0)) throw new TypeError(`Cannot list up to ${limit} entries`);
  if (after === undefined || (isBelow(prefix, after) && isUsable(after))) return;
  throw new TypeError("Cannot list what follows a key as it is none of those with the prefix");
}

/** @throws TypeError where the amount cannot be added to a counter. */
export function assertAmount(amount: number): void {
  if (!Number.isSafeInteger(amount)) throw new TypeError(`Cannot add ${amount} to a counter as it is no whole number`);
}

function compareParts(a: string | number, b: string | number): number {
  if (typeof a === "string") return typeof b === "string" ? compareTexts(a, b) : -1;
  if (typeof b === "string") return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By code points, as UTF-8 is ordered: `<` compares halves of surrogate pairs, which puts 😀 before ﬁ. */
function compareTexts(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const [unit, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (unit === other) continue;
    return isSurrogate(unit) === isSurrogate(other) ? unit - other : isSurrogate(unit) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

const encoder = new TextEncoder();

function sizeOfText(text: string): number {
  return encoder.encode(text.replaceAll("\0", "\0\0")).length;
}
