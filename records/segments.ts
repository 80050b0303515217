/** Which values and words stand in which stretch of the list of requests: so that who filters reads only where there is a match. */

import { isStatus, type RequestFilter, wordsOf } from "./request_filter.ts";
import type { RequestSummary } from "./request_record.ts";
import type { Key, Store, Write } from "./store.ts";

/** What requests of a stretch have, each value once. */
interface Values {
  model: string[];
  provider: string[];
  key: string[];
  dialect: string[];
  status: number[];
  end: string[];
}

/** Some of the requests that one instance saw one after another. */
export interface Segment extends Stretch {
  values: Values;
}

/** When requests began: milliseconds since the epoch, both included. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Segments {
  add(summary: RequestSummary): void;
  /** What changed since it was last asked; to be written together with the summaries. */
  changed(): Pick<Write, "key" | "value">[];
}

const SEGMENTS: Key = ["segments"];
/** Besides a segment, once it is full: all that its requests say in words, in lower case, as one text. */
const WORDS: Key = ["segment words"];
/** Few enough to be read at once, many enough that a hundred thousand requests have some hundred segments. */
const MOST_REQUESTS = 250;
/** Clients name models at will: a segment is small, as it is written again with each batch. */
const MOST_VALUES = 50;
/** Characters that are mostly one value of the storage. */
const MOST_WORDS = 60_000;
/** Segments read at a time, and the words of so many. */
const STRIDE = 500;
const ROUND = 16;

interface Open {
  name: string;
  segment: Segment;
  requests: number;
  /** Each once: most requests of a stretch share their models and keys. */
  words: Set<string>;
  size: number;
}

export function createSegments(instance: string): Segments {
  const changed = new Map<string, Segment>();
  const full: Open[] = [];
  let open: Open | undefined;
  let segments = 0;
  return {
    add(summary) {
      open ??= openAt(summary.startedAt, `${instance}-${segments++}`);
      note(open, summary);
      changed.set(open.name, open.segment);
      if (!isFull(open)) return;
      full.push(open);
      open = undefined;
    },
    changed() {
      const writes = [...changed].map(([name, segment]) => ({ key: [...SEGMENTS, name], value: segment }));
      const texts = full.splice(0).map(({ name, words }) => ({ key: [...WORDS, name], value: [...words].join("\n") }));
      changed.clear();
      return [...writes, ...texts];
    },
  };
}

function openAt(time: number, name: string): Open {
  const values = { model: [], provider: [], key: [], dialect: [], status: [], end: [] };
  return { name, segment: { from: time, to: time, values }, requests: 0, words: new Set(), size: 0 };
}

function isFull({ requests, size, segment }: Open): boolean {
  return requests >= MOST_REQUESTS || size >= MOST_WORDS ||
    Object.values(segment.values).some((values) => values.length >= MOST_VALUES);
}

function note(open: Open, summary: RequestSummary): void {
  noteValues(open.segment, summary);
  open.requests++;
  for (const text of wordsOf(summary)) {
    const words = text.toLowerCase();
    if (open.words.has(words)) continue;
    open.words.add(words);
    open.size += words.length;
  }
}

function noteValues(segment: Segment, summary: RequestSummary): void {
  const { values } = segment;
  const { startedAt, model, upstreamModel, provider, key, dialect, status, end } = summary;
  segment.from = Math.min(segment.from, startedAt);
  segment.to = Math.max(segment.to, startedAt);
  const put = <T>(known: T[], value: T | undefined) => {
    if (value !== undefined && !known.includes(value)) known.push(value);
  };
  put(values.model, model);
  put(values.model, upstreamModel);
  put(values.provider, provider);
  put(values.key, key);
  put(values.dialect, dialect);
  put(values.status, status);
  put(values.end, end);
}

/** A part of the list of which it is known where a match may be. */
export interface Searched extends Stretch {
  /** The newest first, none of which overlap, all within the part. */
  stretches: Stretch[];
}

/** The window from its end to its beginning, in parts that follow each other. */
export async function* searchSegments(store: Store, filter: RequestFilter, window: Stretch): AsyncGenerator<Searched> {
  if (Object.keys(filter).length === 0) return yield { ...window, stretches: [window] };
  const segments = await segmentsOf(store, filter, window);
  const round = filter.text === undefined ? segments.length : ROUND;
  let { to } = window;
  let held: Stretch[] = [];
  for (let at = 0; at < segments.length; at += round) {
    held.push(...await withWords(store, segments.slice(at, at + round), filter.text));
    // No segment that was not looked at yet holds anything later than this.
    const next = segments[at + round]?.segment.to;
    const from = Math.max(next === undefined ? window.from : next + 1, window.from);
    yield { from, to, stretches: joined(held, { from, to }) };
    held = held.filter((stretch) => stretch.from < from);
    to = Math.min(to, from - 1);
  }
}

interface Named {
  name: string;
  segment: Segment;
}

/** Those in the window that may hold a match by its values; the one that goes on longest comes first. */
async function segmentsOf(store: Store, filter: RequestFilter, { from, to }: Stretch): Promise<Named[]> {
  const found: Named[] = [];
  let after: Key | undefined;
  while (true) {
    const entries = await store.list<Segment>(SEGMENTS, { limit: STRIDE, ...after && { after } });
    for (const { key, value: segment } of entries) {
      const isInside = segment.from <= to && segment.to >= from;
      if (isInside && mayHold(segment, filter)) found.push({ name: String(key.at(-1)), segment });
    }
    after = entries.at(-1)?.key;
    if (entries.length < STRIDE) return found.sort((a, b) => b.segment.to - a.segment.to);
  }
}

function mayHold({ values }: Segment, { model, provider, key, dialect, status, end }: RequestFilter): boolean {
  return (model === undefined || values.model.includes(model)) &&
    (provider === undefined || values.provider.includes(provider)) &&
    (key === undefined || values.key.includes(key)) &&
    (dialect === undefined || values.dialect.includes(dialect)) &&
    (status === undefined || values.status.some((value) => isStatus(value, status))) &&
    (end === undefined || values.end.includes(end));
}

/** Those with the text, and those whose words are not written, or not yet. */
async function withWords(store: Store, segments: readonly Named[], text: string | undefined): Promise<Segment[]> {
  if (text === undefined) return segments.map(({ segment }) => segment);
  const wanted = text.toLowerCase();
  const found = await Promise.all(segments.map(async ({ name, segment }) => {
    const words = await store.get<string>([...WORDS, name]);
    return words === undefined || words.value.includes(wanted) ? [segment] : [];
  }));
  return found.flat();
}

/** What of the stretches lies in the part. */
function joined(stretches: readonly Stretch[], part: Stretch): Stretch[] {
  const all: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => b.to - a.to)) {
    const [from, to] = [Math.max(stretch.from, part.from), Math.min(stretch.to, part.to)];
    const last = all.at(-1);
    if (from > to) continue;
    if (last !== undefined && to >= last.from) last.from = Math.min(last.from, from);
    else all.push({ from, to });
  }
  return all;
}
