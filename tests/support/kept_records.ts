/** Records in a store as a gateway keeps them. */

import type { RequestDetails, RequestRecord, RequestSummary } from "../../records/request_record.ts";
import { createSegmentWriter } from "../../records/segment_writer.ts";
import type { Store } from "../../records/store.ts";

export type KeptRecord = RequestSummary & Partial<RequestDetails>;

export interface KeepOptions {
  /** How many are written at a time; all at once unless given. */
  together?: number;
  /** Milliseconds. */
  expireIn?: number;
}

/** All by one instance, in their order. */
export async function keepRecords(
  store: Store,
  records: readonly KeptRecord[],
  { together = Infinity, expireIn = 1e9 }: KeepOptions = {},
): Promise<void> {
  const writer = createSegmentWriter(crypto.randomUUID());
  for (const [at, record] of records.entries()) {
    const { summary, details } = partsOf(record);
    writer.add(summary, details);
    if ((at + 1) % together === 0) await store.setAll(writer.writes({ expireIn }));
  }
  await store.setAll(writer.writes({ expireIn }));
}

/** What lists show of a record, and the rest. */
export function partsOf(record: KeptRecord): { summary: RequestSummary; details: RequestDetails } {
  const { http, failure, tried = [], lost = [], chunks = 0, tokensPerSecond, timeline, request, answer, ...summary } =
    record;
  const rest: Partial<RequestRecord> = {
    ...(http && { http }),
    ...(failure && { failure }),
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    ...(request && { request }),
    ...(answer && { answer }),
  };
  return { summary, details: { ...rest, tried, lost, chunks, timeline: timeline ?? { end: summary.total } } };
}
