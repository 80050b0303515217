/** Some requests of one hour that one instance saw: what is kept together, and what is said of it so that who searches need not look. */

import { HOUR } from "./hour_totals.ts";
import { isStatus, type RequestFilter } from "./request_filter.ts";
import type { RequestSummary } from "./request_record.ts";
import type { Key } from "./store.ts";

/** When requests began: milliseconds since the epoch, both included. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Segment extends Stretch {
  /** A short hash of each request's id, one after another with spaces between them. */
  ids: string;
  values: Values;
  /** How many requests there are in each of its parts, as they were written. */
  parts: number[];
  /** Whether the summaries of all parts are there once more as one value. */
  isWhole?: true;
}

/** What requests of a segment have, each value once. */
export interface Values {
  model: string[];
  provider: string[];
  key: string[];
  dialect: string[];
  status: number[];
  end: string[];
}

export interface NamedSegment {
  name: string;
  segment: Segment;
}

/** Below it the segments by the hour in which their requests began: no other hour is looked at for them. */
export const INDEX: Key = ["records", "index"];

export function indexKey({ hour, name }: { hour: number; name: string }): Key {
  return [...INDEX, hour, name];
}

/** Below it the summaries by the number of their part. */
export function summariesKey(name: string): Key {
  return ["records", "summaries", name];
}

export function wholeKey(name: string): Key {
  return ["records", "whole", name];
}

/** Apart from the summaries, as bodies may be large. */
export function detailsKey(name: string, part: number): Key {
  return ["records", "details", name, part];
}

export function hourBegun({ startedAt }: { startedAt: number }): number {
  return startedAt - startedAt % HOUR;
}

export function noValues(): Values {
  return { model: [], provider: [], key: [], dialect: [], status: [], end: [] };
}

export function noteValues(values: Values, summary: RequestSummary): void {
  const { model, upstreamModel, provider, key, dialect, status, end } = summary;
  note(values.model, model);
  note(values.model, upstreamModel);
  note(values.provider, provider);
  note(values.key, key);
  note(values.dialect, dialect);
  note(values.status, status);
  note(values.end, end);
}

function note<T>(known: T[], value: T | undefined): void {
  if (value !== undefined && !known.includes(value)) known.push(value);
}

/** Whether a request with all that may be among them. */
export function mayHold({ values }: Segment, filter: RequestFilter): boolean {
  const { model, provider, key, dialect, status, end } = filter;
  return (model === undefined || values.model.includes(model)) &&
    (provider === undefined || values.provider.includes(provider)) &&
    (key === undefined || values.key.includes(key)) &&
    (dialect === undefined || values.dialect.includes(dialect)) &&
    (status === undefined || values.status.some((value) => isStatus(value, status))) &&
    (end === undefined || values.end.includes(end));
}

/** Whether the request with the id may be among them. */
export function mayHoldId({ ids }: Segment, id: string): boolean {
  return ` ${ids} `.includes(` ${markOf(id)} `);
}

/** 24 bits of the id (FNV-1a): of a hundred thousand ids hardly one is taken for the wanted one. */
export function markOf(id: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return (hash >>> 8).toString(36);
}
