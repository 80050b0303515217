/** Finds requests in the segments of all instances, the newest first, reading only where there may be any. */

import { HOUR } from "./hour_totals.ts";
import { type Found, readSummaries } from "./segment_reader.ts";
import { hourBegun, INDEX, type NamedSegment, type Segment, type Stretch } from "./segment.ts";
import type { Key, Store } from "./store.ts";

export interface Search {
  /** When requests began: milliseconds since the epoch, both included. */
  window: Stretch;
  mayHold: (segment: Segment) => boolean;
  /** Of the summaries of many requests as JSON. */
  mayHoldText?: (json: string) => boolean;
  /** Whether it is one of those. */
  matches: (found: Found) => boolean;
}

/** A part of the window: those that follow each other have no gaps between them. */
export interface Searched {
  /** All that began in it and match, the newest first. */
  found: Found[];
  /** Where it begins. */
  from: number;
}

/** Entries of the index that are read at a time, at first: a page of the newest needs few. */
const FIRST = 25;
const MOST = 400;
/** Segments that are read at once where the first of them are not enough, or hardly any will hold a match. */
const MOST_AT_ONCE = 16;

export async function* search(store: Store, query: Search): AsyncGenerator<Searched> {
  const { window, mayHoldText } = query;
  let atOnce = mayHoldText === undefined ? 1 : MOST_AT_ONCE;
  let waiting: NamedSegment[] = [];
  let held: Found[] = [];

  async function round(): Promise<Searched> {
    const read = await Promise.all(waiting.slice(0, atOnce).map((place) => readSummaries(store, place, mayHoldText)));
    waiting = waiting.slice(atOnce);
    atOnce = Math.min(2 * atOnce, MOST_AT_ONCE);
    // None of the segments that were not read yet holds anything later.
    const from = Math.max((waiting[0]?.segment.to ?? -Infinity) + 1, window.from);
    const all = [...held, ...read.flat().filter((one) => isInside(one, window) && query.matches(one))];
    held = all.filter(({ summary }) => summary.startedAt < from);
    return { found: all.filter(({ summary }) => summary.startedAt >= from).sort(newestFirst), from };
  }

  for await (const { hour, segments } of hoursOf(store, query)) {
    waiting.push(...segments);
    // The one after the last that is read must be known.
    while (waiting.length > atOnce) yield await round();
    // Whoever searches for long is to see how far it came.
    if (waiting.length === 0) yield { found: [], from: Math.max(hour, window.from) };
  }
  while (waiting.length > 0) yield await round();
}

/** What came since its segment was read may be later than what was found before. */
function isInside({ summary: { startedAt }, place: { segment } }: Found, { from, to }: Stretch): boolean {
  return startedAt >= from && startedAt <= Math.min(to, segment.to);
}

/** The hours that have segments, the newest first; of each those that may hold a match, the one that goes on longest first. */
async function* hoursOf(
  store: Store,
  { window, mayHold }: Search,
): AsyncGenerator<{ hour: number; segments: NamedSegment[] }> {
  let current: { hour: number; segments: NamedSegment[] } | undefined;
  for await (const { hour, name, segment } of indexOf(store, window)) {
    if (hour !== current?.hour) {
      if (current !== undefined) yield inOrder(current);
      current = { hour, segments: [] };
    }
    const isInside = segment.from <= window.to && segment.to >= window.from;
    if (isInside && mayHold(segment)) current.segments.push({ name, segment });
  }
  if (current !== undefined) yield inOrder(current);
}

function inOrder({ hour, segments }: { hour: number; segments: NamedSegment[] }) {
  return { hour, segments: segments.sort((a, b) => b.segment.to - a.segment.to) };
}

async function* indexOf(store: Store, { from, to }: Stretch): AsyncGenerator<NamedSegment & { hour: number }> {
  let after: Key | undefined = to === Infinity ? undefined : [...INDEX, hourBegun({ startedAt: to }) + HOUR];
  for (let limit = FIRST;; limit = Math.min(2 * limit, MOST)) {
    const entries = await store.list<Segment>(INDEX, { limit, reverse: true, ...after && { after } });
    for (const { key, value: segment } of entries) {
      const [hour, name] = [Number(key.at(-2)), String(key.at(-1))];
      if (hour + HOUR <= from) return;
      yield { hour, name, segment };
    }
    after = entries.at(-1)?.key;
    if (entries.length < limit) return;
  }
}

function newestFirst({ summary: a }: Found, { summary: b }: Found): number {
  return b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1);
}
