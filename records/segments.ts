/** Which values stand in which stretch of the list of requests: so that who filters reads only where there is a match. */

import { isStatus, type RequestFilter } from "./request_filter.ts";
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

export const SEGMENTS: Key = ["segments"];
/** Few enough to be read at once, many enough that a hundred thousand requests have some hundred segments. */
const MOST_REQUESTS = 250;
/** Clients name models at will: a segment is small, as it is written again with each batch. */
const MOST_VALUES = 50;
const STRIDE = 500;

export function createSegments(instance: string): Segments {
  const changed = new Map<string, Segment>();
  let open: { name: string; segment: Segment; requests: number } | undefined;
  let segments = 0;
  return {
    add(summary) {
      open ??= { name: `${instance}-${segments++}`, segment: emptyAt(summary.startedAt), requests: 0 };
      const { name, segment } = open;
      note(segment, summary);
      changed.set(name, segment);
      const isFull = Object.values(segment.values).some((values) => values.length >= MOST_VALUES);
      if (++open.requests >= MOST_REQUESTS || isFull) open = undefined;
    },
    changed() {
      const writes = [...changed].map(([name, segment]) => ({ key: [...SEGMENTS, name], value: segment }));
      changed.clear();
      return writes;
    },
  };
}

function emptyAt(time: number): Segment {
  const values = { model: [], provider: [], key: [], dialect: [], status: [], end: [] };
  return { from: time, to: time, values };
}

function note(segment: Segment, summary: RequestSummary): void {
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

/** All stretches that may hold a match, the newest first, none of which overlap. Text is in no segment. */
export async function stretchesOf(store: Store, { text: _, ...filter }: RequestFilter): Promise<Stretch[]> {
  if (Object.keys(filter).length === 0) return [{ from: -Infinity, to: Infinity }];
  const found: Stretch[] = [];
  let after: Key | undefined;
  while (true) {
    const entries = await store.list<Segment>(SEGMENTS, { limit: STRIDE, ...after && { after } });
    for (const { value } of entries) if (mayHold(value, filter)) found.push(value);
    after = entries.at(-1)?.key;
    if (entries.length < STRIDE) return joined(found);
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

function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => b.to - a.to)) {
    const last = all.at(-1);
    if (last !== undefined && to >= last.from) last.from = Math.min(last.from, from);
    else all.push({ from, to });
  }
  return all;
}
