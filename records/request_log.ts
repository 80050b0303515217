/** The records of requests in the store, read newest first, one by one or by their summaries. */

import type { Pull } from "../streaming/pull.ts";
import { type CountedCells, readDays, readHours } from "./day_totals.ts";
import { mayHoldText, type RequestFilter, requestMatcher } from "./request_filter.ts";
import type { RequestRecord, RequestSummary } from "./request_record.ts";
import { mayHold, mayHoldId } from "./segment.ts";
import { type Found, readRecords } from "./segment_reader.ts";
import { search } from "./segment_search.ts";
import type { Store } from "./store.ts";

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
  /** The same, with all that is kept of them. */
  eachRecord(query: RequestQuery): Pull<RequestRecord[]>;
  /** The newest record of the id, or the one that began at that time. */
  find(id: string, startedAt?: number): Promise<RequestRecord | undefined>;
  /** What was counted in the hours from `from` to `to`, by every instance. */
  hours(from: number, to: number): Promise<CountedCells[]>;
  /** The same, by the day where a day is over. */
  days(from: number, to: number): Promise<CountedCells[]>;
}

/** A page whose requests are known by their places. */
interface FoundPage extends Omit<RequestPage, "requests"> {
  found: Found[];
}

/** Requests of a page where all are wanted, and records read at once: their bodies may be large. */
const PAGE = 100;
const FEW = 10;

export function createRequestLog(store: Store): RequestLog {
  const pages = (query: RequestQuery) => eachPage((options) => findPage(store, query, options));
  return {
    async page(query, options) {
      const { found, ...rest } = await findPage(store, query, options);
      return { requests: found.map(summaryOf), ...rest };
    },
    each(query) {
      const { next, cancel } = pages(query);
      return { next: async () => (await next())?.map(summaryOf), cancel };
    },
    eachRecord(query) {
      const { next, cancel } = pages(query);
      const waiting: Found[] = [];
      return {
        async next() {
          if (waiting.length === 0) {
            const more = await next();
            if (more === undefined) return undefined;
            waiting.push(...more);
          }
          return await readRecords(store, waiting.splice(0, FEW));
        },
        cancel,
      };
    },
    find: (id, startedAt) => findRecord(store, id, startedAt),
    hours: (from, to) => readHours(store, { from, to }),
    days: (from, to) => readDays(store, { from, to }),
  };
}

async function findPage(
  store: Store,
  { from = -Infinity, to = Infinity, ...filter }: RequestQuery,
  { limit, before, isLate = () => false }: PageOptions,
): Promise<FoundPage> {
  const cursor = before === undefined ? undefined : readCursor(before);
  const isWanted = requestMatcher(filter);
  const searched = search(store, {
    window: { from, to: Math.min(to, cursor === undefined ? Infinity : latestOf(cursor)) },
    mayHold: (segment) => mayHold(segment, filter),
    ...(filter.text !== undefined && { mayHoldText: mayHoldText(filter.text) }),
    matches: ({ summary }) => isWanted(summary) && isAfter(summary, cursor),
  });
  const found: Found[] = [];
  for await (const part of searched) {
    found.push(...part.found);
    const last = found[limit - 1];
    if (last !== undefined) return { found: found.slice(0, limit), next: cursorOf(last.summary) };
    if (part.from > from && isLate()) {
      return { found, next: cursorOf({ startedAt: part.from, id: "" }), reached: part.from };
    }
  }
  return { found };
}

async function findRecord(store: Store, id: string, startedAt?: number): Promise<RequestRecord | undefined> {
  const searched = search(store, {
    window: { from: startedAt ?? -Infinity, to: startedAt ?? Infinity },
    mayHold: (segment) => mayHoldId(segment, id),
    mayHoldText: mayHoldText(id),
    matches: ({ summary }) => summary.id === id,
  });
  for await (const { found } of searched) {
    const [record] = await readRecords(store, found.slice(0, 1));
    if (record !== undefined) return record;
  }
}

/** Page after page until there is no more. */
function eachPage(find: (options: PageOptions) => Promise<FoundPage>): Pull<Found[]> {
  let before: string | undefined;
  let over = false;
  return {
    async next() {
      if (over) return undefined;
      const { found, next } = await find({ limit: PAGE, ...(before !== undefined && { before }) });
      before = next;
      over ||= next === undefined;
      return found;
    },
    cancel() {
      over = true;
    },
  };
}

function summaryOf({ summary }: Found): RequestSummary {
  return summary;
}

interface Cursor {
  startedAt: number;
  /** Empty: the cursor stands before all that began at its time. */
  id: string;
}

function latestOf({ startedAt, id }: Cursor): number {
  return id === "" ? startedAt - 1 : startedAt;
}

/** Whether it comes after the cursor, the newest being the first. */
function isAfter({ startedAt, id }: RequestSummary, cursor: Cursor | undefined): boolean {
  return cursor === undefined || startedAt < cursor.startedAt || (startedAt === cursor.startedAt && id < cursor.id);
}

function cursorOf({ startedAt, id }: Cursor): string {
  return `${startedAt}-${id}`;
}

/** `undefined` where the text is no cursor. */
export function readCursor(text: string): Cursor | undefined {
  const found = text.match(/^(\d{1,16})-(.*)$/);
  return found === null ? undefined : { startedAt: Number(found[1]), id: found[2] ?? "" };
}
