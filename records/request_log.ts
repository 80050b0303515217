/** The records of requests in the store: written together, read newest first, one by one or by their summaries. */

import type { Pull } from "../streaming/pull.ts";
import { type CountedCells, readDays, readHours } from "./day_totals.ts";
import { type RequestFilter, requestMatcher } from "./request_filter.ts";
import { recordsOf, type RequestRecord, type RequestSummary, SUMMARIES, summaryKey } from "./request_record.ts";
import { searchSegments, type Stretch } from "./segments.ts";
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
  /** Of a page that ran late: all that began since this time was searched. Milliseconds since the epoch. */
  reached?: number;
}

export interface RequestLog {
  page(query: RequestQuery, options: PageOptions): Promise<RequestPage>;
  /** All that match, newest first, as they are asked for. */
  each(query: RequestQuery): Pull<RequestSummary[]>;
  /** The newest record of the id, or the one that began at that time. */
  find(id: string, startedAt?: number): Promise<RequestRecord | undefined>;
  /** What was counted in the hours from `from` to `to`, by every instance. */
  hours(from: number, to: number): Promise<CountedCells[]>;
  /** The same, by the day where a day is over. */
  days(from: number, to: number): Promise<CountedCells[]>;
}

/** Entries read at a time where not all of them are wanted: a segment, and what shows that it is over. */
const STRIDE = 256;

export function createRequestLog(store: Store): RequestLog {
  async function page(query: RequestQuery, { limit, before, isLate = () => false }: PageOptions): Promise<RequestPage> {
    const { from = -Infinity, to = Infinity, ...filter } = query;
    const matches = requestMatcher(filter);
    const stride = Object.keys(filter).length === 0 ? limit : STRIDE;
    const cursor = before === undefined ? undefined : readCursor(before);
    const window = { from, to: Math.min(to, cursor === undefined ? Infinity : latestOf(cursor)) };
    const requests: RequestSummary[] = [];
    for await (const part of searchSegments(store, filter, window)) {
      for (const stretch of part.stretches) {
        let after = startOf(stretch, cursor);
        while (true) {
          const options = { limit: stride, reverse: true, ...after && { after } };
          const entries = await store.list<RequestSummary>(SUMMARIES, options);
          const all = entries.map(({ value }) => value);
          const own = all.filter(({ startedAt }) => startedAt >= stretch.from);
          for (const value of own) {
            if (matches(value)) requests.push(value);
            if (requests.length === limit) return { requests, next: cursorOf(value) };
          }
          const last = all.at(-1);
          if (last === undefined || entries.length < stride || own.length < all.length) break;
          if (isLate()) return { requests, next: cursorOf(last), reached: last.startedAt };
          after = summaryKey(last);
        }
        if (stretch.from > from && isLate()) return upTo(stretch, requests);
      }
      if (part.from > from && isLate()) return upTo(part, requests);
    }
    return { requests };
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
    days: (from, to) => readDays(store, { from, to }),
  };
}

/** What was found where all of the stretch was searched: the next page ends before it. */
function upTo({ from }: Stretch, requests: RequestSummary[]): RequestPage {
  return { requests, next: cursorOf({ startedAt: from, id: "" }), reached: from };
}

/** A cursor without an id stands before all that began at its time. */
function latestOf({ startedAt, id }: { startedAt: number; id: string }): number {
  return id === "" ? startedAt - 1 : startedAt;
}

/** The key that the stretch's first entry comes after, from its end; absent where the list itself begins. */
function startOf({ to }: Stretch, cursor: { startedAt: number; id: string } | undefined): Key | undefined {
  if (to === cursor?.startedAt) return summaryKey(cursor);
  return to === Infinity ? undefined : [...SUMMARIES, to + 1];
}

function cursorOf({ startedAt, id }: Pick<RequestSummary, "startedAt" | "id">): string {
  return `${startedAt}-${id}`;
}

/** `undefined` where the text is no cursor. */
export function readCursor(text: string): { startedAt: number; id: string } | undefined {
  const found = text.match(/^(\d{1,16})-(.*)$/);
  return found === null ? undefined : { startedAt: Number(found[1]), id: found[2] ?? "" };
}
