/** The records of requests in the store: written together, read newest first, one by one or by their summaries. */

import type { Pull } from "../streaming/pull.ts";
import { type Cell, hourOf, HOURS } from "./hour_totals.ts";
import { type RequestFilter, requestMatcher } from "./request_filter.ts";
import { recordsOf, type RequestRecord, type RequestSummary, SUMMARIES, summaryKey } from "./request_record.ts";
import type { Key, Store } from "./store.ts";

export interface RequestQuery extends RequestFilter {
  /** When the request began: milliseconds since the epoch, both included. */
  from?: number;
  to?: number;
}

export interface PageOptions {
  limit: number;
  /** The `next` of the page before. */
  before?: string;
  /** Asked now and then: once true, the page ends with what was found so far. */
  isLate?: () => boolean;
}

export interface RequestPage {
  /** Newest first. */
  requests: RequestSummary[];
  /** Where the next page begins; absent where there is none. A page that ran late may be short, even empty, and have one. */
  next?: string;
}

export interface HourCells {
  /** Milliseconds since the epoch. */
  hour: number;
  cells: Cell[];
}

export interface RequestLog {
  page(query: RequestQuery, options: PageOptions): Promise<RequestPage>;
  /** All that match, newest first, as they are asked for. */
  each(query: RequestQuery): Pull<RequestSummary[]>;
  /** The newest record of the id, or the one that began at that time. */
  find(id: string, startedAt?: number): Promise<RequestRecord | undefined>;
  /** What was counted in the hours from `from` to `to`, by every instance. */
  hours(from: number, to: number): Promise<HourCells[]>;
}

/** Entries read at a time where not all of them are wanted. */
const STRIDE = 500;

export function createRequestLog(store: Store): RequestLog {
  async function page(query: RequestQuery, { limit, before, isLate = () => false }: PageOptions): Promise<RequestPage> {
    const { from = -Infinity, to, ...filter } = query;
    const matches = requestMatcher(filter);
    const stride = Object.keys(filter).length === 0 ? limit : STRIDE;
    const requests: RequestSummary[] = [];
    let after = startOf(to, before);
    while (true) {
      const entries = await store.list<RequestSummary>(SUMMARIES, {
        limit: stride,
        reverse: true,
        ...after && { after },
      });
      for (const { key, value } of entries) {
        if (value.startedAt < from) return { requests };
        after = key;
        if (matches(value)) requests.push(value);
        if (requests.length === limit) return { requests, next: cursorOf(value) };
      }
      const last = entries.at(-1);
      if (last === undefined || entries.length < stride) return { requests };
      if (isLate()) return { requests, next: cursorOf(last.value) };
    }
  }

  return {
    page,
    each(query) {
      let before: string | undefined;
      let over = false;
      return {
        async next() {
          if (over) return undefined;
          const { requests, next } = await page(query, { limit: 100, ...(before !== undefined && { before }) });
          before = next;
          over ||= next === undefined;
          return requests;
        },
        cancel() {
          over = true;
        },
      };
    },
    async find(id, startedAt) {
      if (startedAt !== undefined) return (await store.get<RequestRecord>([...recordsOf(id), startedAt]))?.value;
      return (await store.list<RequestRecord>(recordsOf(id), { limit: 1, reverse: true }))[0]?.value;
    },
    hours: (from, to) => readHours(store, { from, to }),
  };
}

async function readHours(store: Store, { from, to }: { from: number; to: number }): Promise<HourCells[]> {
  const hours: HourCells[] = [];
  let after: Key = [...HOURS, hourOf(from) - 1];
  while (true) {
    const entries = await store.list<Cell[]>(HOURS, { limit: STRIDE, after });
    for (const { key, value } of entries) {
      const hour = Number(key[1]);
      if (hour > to) return hours;
      hours.push({ hour, cells: value });
      after = key;
    }
    if (entries.length < STRIDE) return hours;
  }
}

/** The key that the first wanted entry comes after, from the newest to the oldest. */
function startOf(to: number | undefined, before: string | undefined): Key | undefined {
  const ends: { startedAt: number; key: Key }[] = [];
  if (to !== undefined) ends.push({ startedAt: to + 1, key: [...SUMMARIES, to + 1] });
  const cursor = before === undefined ? undefined : readCursor(before);
  if (cursor !== undefined) ends.push({ startedAt: cursor.startedAt, key: summaryKey(cursor) });
  return ends.sort((a, b) => a.startedAt - b.startedAt)[0]?.key;
}

function cursorOf({ startedAt, id }: RequestSummary): string {
  return `${startedAt}-${id}`;
}

/** `undefined` where the text is no cursor. */
export function readCursor(text: string): { startedAt: number; id: string } | undefined {
  const found = text.match(/^(\d{1,16})-(.+)$/);
  return found === null ? undefined : { startedAt: Number(found[1]), id: found[2]! };
}
