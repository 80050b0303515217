/** Records as the admin routes show them: with their cost at today's prices, and their bodies as JSON. */

import type { Json } from "../../chat/json.ts";
import type { RequestRecord, RequestSummary, StoredBody } from "../../records/request_record.ts";
import { type Cost, costOf } from "../cost.ts";
import type { PriceBook } from "../price_book.ts";

/** `null` where it is not known: that is not 0. */
type Priced<T> = T & { cost: Cost | null };

interface ShownBody {
  /** Absent where only the beginning of the text is kept, or where it is no JSON. */
  json?: Json;
  text?: string;
  bytes: number;
  capped?: true;
}

export type ShownRecord = Priced<
  Omit<RequestRecord, "request" | "answer"> & { request?: ShownBody; answer?: ShownBody }
>;

export function priced<T extends RequestSummary>(record: T, pricesOf: PriceBook): Priced<T> {
  const { usage, provider, upstreamModel } = record;
  const cost = usage && costOf(usage, pricesOf(provider, upstreamModel));
  return { ...record, cost: cost ?? null };
}

export function shownRecord({ request, answer, ...record }: RequestRecord, pricesOf: PriceBook): ShownRecord {
  return {
    ...priced(record, pricesOf),
    ...(request && { request: shownBody(request) }),
    ...(answer && { answer: shownBody(answer) }),
  };
}

function shownBody({ text, ...rest }: StoredBody): ShownBody {
  if (rest.capped) return { text, ...rest };
  try {
    return { json: JSON.parse(text), ...rest };
  } catch {
    return { text, ...rest };
  }
}
