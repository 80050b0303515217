/** Reads the records of a segment: the summaries of many at once, and the details of those that are wanted. */

import { unpack } from "./packed.ts";
import type { RequestDetails, RequestRecord, RequestSummary } from "./request_record.ts";
import { detailsKey, type NamedSegment, summariesKey, wholeKey } from "./segment.ts";
import type { Store } from "./store.ts";

/** A summary, and where it stands in its segment. */
export interface Found {
  summary: RequestSummary;
  place: NamedSegment;
  at: number;
}

/** Those of the texts that may hold what is wanted. */
export async function readSummaries(
  store: Store,
  place: NamedSegment,
  mayHold: (text: string) => boolean = () => true,
): Promise<Found[]> {
  const texts = await readTexts(store, place);
  return texts.filter(({ text }) => mayHold(text)).flatMap(({ text, begin }) => {
    const summaries: RequestSummary[] = JSON.parse(text);
    return summaries.map((summary, index) => ({ summary, place, at: begin + index }));
  });
}

async function readTexts(
  store: Store,
  { name, segment }: NamedSegment,
): Promise<{ text: string; begin: number }[]> {
  const { parts, isWhole } = segment;
  const whole = isWhole ? wholeKey(name) : parts.length === 1 ? [...summariesKey(name), 0] : undefined;
  const entry = whole && await store.get<Uint8Array>(whole);
  if (entry !== undefined) return [{ text: unpack(entry.value), begin: 0 }];
  const entries = await store.list<Uint8Array>(summariesKey(name), { limit: parts.length });
  return entries
    .map(({ key, value }) => ({ value, part: Number(key.at(-1)) }))
    // Others came since the segment was read.
    .filter(({ part }) => part < parts.length)
    .map(({ value, part }) => ({ text: unpack(value), begin: sum(parts.slice(0, part)) }));
}

/** In the order of what was found; without those whose details are gone by now. */
export async function readRecords(store: Store, found: readonly Found[]): Promise<RequestRecord[]> {
  /** Neighbours are mostly of one part. */
  const read = new Map<string, Promise<RequestDetails[]>>();
  const records = await Promise.all(found.map(async ({ summary, place: { name, segment }, at }) => {
    const { part, index } = partOf(segment.parts, at);
    const key = detailsKey(name, part);
    const id = key.join("\n");
    const details = read.get(id) ?? store.get<Uint8Array>(key).then(detailsIn);
    read.set(id, details);
    return { summary, details: (await details)[index] };
  }));
  return records.flatMap(({ summary, details }) => details === undefined ? [] : [{ ...summary, ...details }]);
}

function detailsIn(entry: { value: Uint8Array } | undefined): RequestDetails[] {
  return entry === undefined ? [] : JSON.parse(unpack(entry.value));
}

/** The part in which the record stands, and where. */
function partOf(parts: readonly number[], at: number): { part: number; index: number } {
  let begin = 0;
  for (const [part, count] of parts.entries()) {
    if (at < begin + count) return { part, index: at - begin };
    begin += count;
  }
  return { part: parts.length, index: 0 };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
