/** What memory keeps, in the order of its keys: a sorted array, bounded by the bytes in it. */

import { compareKeys, isBelow, sizeOfKey } from "./keys.ts";
import type { Key, ListOptions } from "./store.ts";

export interface Slot {
  key: Key;
  /** A serialised value, or a counter's sum. */
  held: Uint8Array | number;
  version: string;
  /** `Infinity` where it stays. */
  expiresAt: number;
}

export interface SortedSlots {
  at(key: Key): Slot | undefined;
  /** In place of the slot of its key, if there is one. */
  put(slot: Slot): void;
  /** Whether there was one. */
  remove(key: Key): boolean;
  /** All of them, as a list without a limit has them. */
  below(prefix: Key, options: ListOptions): Iterable<Slot>;
}

/** Bytes a slot takes besides its key and its value, about. */
const SLOT_SIZE = 200;

export function sortedSlots(limit: number): SortedSlots {
  const sorted: Slot[] = [];
  // In the order of their writes. What stays, as a setting does, must not be pushed out by records that go anyway.
  const ages = { expiring: new Set<Slot>(), staying: new Set<Slot>() };
  const ageOf = (slot: Slot) => slot.expiresAt === Infinity ? ages.staying : ages.expiring;
  let size = 0;

  /** The first place from which on the condition holds: it must hold for all later slots, too. */
  function placeWhere(holds: (key: Key) => boolean): number {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(sorted[middle]!.key)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  function find(key: Key): { place: number; slot: Slot | undefined } {
    const place = placeWhere((other) => compareKeys(other, key) >= 0);
    const slot = sorted[place];
    return { place, slot: slot !== undefined && compareKeys(slot.key, key) === 0 ? slot : undefined };
  }

  function remove(key: Key): boolean {
    const { place, slot } = find(key);
    if (slot === undefined) return false;
    sorted.splice(place, 1);
    ageOf(slot).delete(slot);
    size -= sizeOf(slot);
    return true;
  }

  function put(slot: Slot): void {
    remove(slot.key);
    // It would push all others out, and then go itself.
    if (sizeOf(slot) > limit) return;
    sorted.splice(find(slot.key).place, 0, slot);
    ageOf(slot).add(slot);
    size += sizeOf(slot);
    while (size > limit) {
      const [oldest] = ages.expiring.size > 0 ? ages.expiring : ages.staying;
      if (oldest === undefined || !remove(oldest.key)) return;
    }
  }

  function* below(prefix: Key, { after, reverse = false }: ListOptions): Iterable<Slot> {
    const first = placeWhere((key) => compareKeys(key, reverse ? prefix : after ?? prefix) > 0);
    const end = placeWhere((key) =>
      reverse && after !== undefined
        ? compareKeys(key, after) >= 0
        : compareKeys(key, prefix) > 0 && !isBelow(prefix, key)
    );
    const count = end - first;
    for (let at = 0; at < count; at++) yield sorted[reverse ? end - 1 - at : first + at]!;
  }

  return { at: (key) => find(key).slot, put, remove, below };
}

function sizeOf({ key, held }: Slot): number {
  return SLOT_SIZE + sizeOfKey(key) + (typeof held === "number" ? 0 : held.byteLength);
}
