/** The totals of days that are over, added up once from those of their hours: overviews of months read no hours. */

import { addTotals, type Cell, createCells, HOUR, hourOf, HOURS } from "./hour_totals.ts";
import type { Key, Store } from "./store.ts";

export const DAY = 24 * HOUR;

/** What was counted in a stretch of time. */
export interface CountedCells {
  /** Milliseconds since the epoch. */
  start: number;
  cells: Cell[];
}

const DAYS: Key = ["days"];
/** Entries read at a time. */
const STRIDE = 500;

/** Days before today that are closed where that was missed: others are added up from their hours. */
const CLOSED = 3;

export interface DayCloser {
  /** Something was counted at that time. */
  passed(time: number): void;
  /** Closes the days that are over, once an hour. */
  close(): Promise<void>;
}

/** An hour after a day all instances have written what they counted in it. */
export function dayCloser(store: Store, { expire }: { expire: number }): DayCloser {
  let latest = -Infinity;
  let isDue = false;
  return {
    passed(time) {
      const hour = hourOf(time);
      isDue ||= hour > latest;
      latest = Math.max(latest, hour);
    },
    async close() {
      if (!isDue) return;
      isDue = false;
      const over = latest - HOUR;
      const today = over - over % DAY;
      for (let day = today - CLOSED * DAY; day < today; day += DAY) await closeDay(store, day, { expireIn: expire });
    },
  };
}

/** Adds up the day (of UTC) that began then, unless that was done before. Nothing may be counted in it any more. */
export async function closeDay(store: Store, start: number, { expireIn }: { expireIn: number }): Promise<void> {
  const key = [...DAYS, start];
  if (await store.get(key) !== undefined) return;
  const sums = createCells();
  for (const { cells } of await read(store, HOURS, { from: start, to: start + DAY - 1 })) {
    for (const cell of cells) addTotals(sums.cellOf(cell), cell);
  }
  await store.set(key, sums.all(), { expireIn });
}

/** By the hour, from the one of `from` to the one of `to`. */
export function readHours(store: Store, { from, to }: { from: number; to: number }): Promise<CountedCells[]> {
  return read(store, HOURS, { from: from - from % HOUR, to });
}

/** By the day where a day lies between `from` and `to` and is closed, else by the hour. */
export async function readDays(store: Store, { from, to }: { from: number; to: number }): Promise<CountedCells[]> {
  const days = await read(store, DAYS, { from, to: to - DAY + 1 });
  const all: CountedCells[] = [];
  let next = from;
  for (const day of days) {
    if (day.start > next) all.push(...await readHours(store, { from: next, to: day.start - 1 }));
    all.push(day);
    next = day.start + DAY;
  }
  return [...all, ...await readHours(store, { from: next, to })];
}

/** No more is read at once than one instance has written in that time: a list knows where it begins, not where it ends. */
async function read(store: Store, prefix: Key, { from, to }: { from: number; to: number }): Promise<CountedCells[]> {
  const limit = Math.max(1, Math.min(STRIDE, Math.ceil((to - from) / HOUR)));
  const found: CountedCells[] = [];
  let after: Key = [...prefix, from - 1];
  while (true) {
    const entries = await store.list<Cell[]>(prefix, { limit, after });
    for (const { key, value } of entries) {
      const start = Number(key[prefix.length]);
      if (start > to) return found;
      found.push({ start, cells: value });
      after = key;
    }
    if (entries.length < limit) return found;
  }
}
