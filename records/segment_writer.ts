/** Puts records together into segments, so that many of them are one value of the storage. */

import { HOUR } from "./hour_totals.ts";
import { pack } from "./packed.ts";
import type { RequestDetails, RequestSummary } from "./request_record.ts";
import {
  detailsKey,
  hourBegun,
  indexKey,
  markOf,
  noteValues,
  noValues,
  type Segment,
  summariesKey,
  wholeKey,
} from "./segment.ts";
import type { Write } from "./store.ts";

export interface SegmentWriter {
  /** Holds nothing of what it is given but their texts; returns how many characters those have. */
  add(summary: RequestSummary, details: RequestDetails): number;
  /** What is to be written of all that was added since it was last asked: what leads to others comes after them. */
  writes(options: { expireIn: number }): Write[];
}

/** Enough to be read at once; a hundred thousand requests have some hundred segments. */
const MOST_REQUESTS = 200;
/** Clients name models at will: the index is to stay small. */
const MOST_VALUES = 50;
/** Characters of a part, which are mostly one value of the storage once they are packed. */
const MOST_CHARACTERS = 200_000;

/** A write, and for how long what it holds has been kept already. */
type Draft = Pick<Write, "key" | "value"> & { age?: number };

interface Open {
  name: string;
  hour: number;
  segment: Segment;
  ids: string[];
  /** The summaries of all its requests as JSON. */
  summaries: string[];
  /** The details of those that are in no part yet, and the characters of both. */
  details: string[];
  characters: number;
  /** Parts that are not written yet. */
  parts: Draft[];
  /** When the first of its requests ended, and the last. */
  since: number;
  until: number;
}

export function createSegmentWriter(instance: string): SegmentWriter {
  /** By their hours. */
  const open = new Map<number, Open>();
  const closed: Open[] = [];
  let segments = 0;
  let latest = 0;

  function openAt(hour: number): Open {
    const found = open.get(hour) ?? newSegment(hour, `${instance}-${segments++}`);
    open.set(hour, found);
    return found;
  }

  function close(one: Open): void {
    open.delete(one.hour);
    closed.push(one);
  }

  return {
    add(summary, details) {
      const one = openAt(hourBegun(summary));
      const characters = put(one, summary, details);
      latest = Math.max(latest, one.until);
      if (isFull(one)) close(one);
      return characters;
    },
    writes({ expireIn }) {
      // Of an hour that is long over nothing comes any more but what took very long.
      for (const one of open.values()) if (one.hour < latest - 2 * HOUR) close(one);
      const drafts = [
        ...closed.splice(0).flatMap((one) => [...wholeOf(one, latest), ...written(one, latest)]),
        ...open.values().flatMap((one) => written(one, latest)),
      ];
      return drafts
        .map(({ age = 0, ...write }) => ({ ...write, expireIn: expireIn - age, isNew: true }))
        .filter(({ expireIn }) => expireIn > 0);
    },
  };
}

function newSegment(hour: number, name: string): Open {
  const segment = { from: Infinity, to: -Infinity, ids: "", values: noValues(), parts: [] };
  const nothing = { ids: [], summaries: [], details: [], characters: 0, parts: [] };
  return { name, hour, segment, ...nothing, since: Infinity, until: -Infinity };
}

function put(one: Open, summary: RequestSummary, details: RequestDetails): number {
  const { segment } = one;
  const { id, startedAt, total } = summary;
  const [summaryText, detailsText] = [JSON.stringify(summary), JSON.stringify(details)];
  segment.from = Math.min(segment.from, startedAt);
  segment.to = Math.max(segment.to, startedAt);
  one.since = Math.min(one.since, startedAt + total);
  one.until = Math.max(one.until, startedAt + total);
  noteValues(segment.values, summary);
  one.ids.push(markOf(id));
  one.summaries.push(summaryText);
  one.details.push(detailsText);
  const characters = summaryText.length + detailsText.length;
  one.characters += characters;
  if (one.characters >= MOST_CHARACTERS) endPart(one);
  return characters;
}

function isFull({ ids, segment }: Open): boolean {
  return ids.length >= MOST_REQUESTS || Object.values(segment.values).some((values) => values.length >= MOST_VALUES);
}

/** What came since the part before is one. */
function endPart(one: Open): void {
  const { name, segment, summaries, details, parts } = one;
  const part = segment.parts.length;
  // The details first: what a list shows can be opened.
  parts.push({ key: detailsKey(name, part), value: packed(details) });
  parts.push({ key: [...summariesKey(name), part], value: packed(summaries.slice(-details.length)) });
  segment.parts.push(details.length);
  one.details = [];
  one.characters = 0;
}

/** What is to be written of it, if anything. */
function written(one: Open, latest: number): Draft[] {
  if (one.details.length > 0) endPart(one);
  const parts = one.parts.splice(0);
  if (parts.length === 0 && one.segment.isWhole === undefined) return [];
  const segment: Segment = { ...one.segment, ids: one.ids.join(" "), parts: [...one.segment.parts] };
  return [...parts, { key: indexKey(one), value: segment, age: latest - one.until }];
}

/** All summaries once more as one value, where they are in many. It is gone as soon as the first of them. */
function wholeOf(one: Open, latest: number): Draft[] {
  if (one.details.length > 0) endPart(one);
  if (one.segment.parts.length === 1) return [];
  one.segment.isWhole = true;
  return [{ key: wholeKey(one.name), value: packed(one.summaries), age: latest - one.since }];
}

function packed(texts: readonly string[]): Uint8Array {
  return pack(`[${texts.join(",")}]`);
}
