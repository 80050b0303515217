/** Records as the admin routes show them: with their cost at today's prices, and their bodies as JSON. */

import type { BodyShape, RequestDetail } from "../../dashboard/shapes.ts";
import type { RequestRecord, RequestSummary, StoredBody } from "../../records/request_record.ts";
import { type Cost, costOf } from "../cost.ts";
import type { PriceBook } from "../price_book.ts";

/** `null` where it is not known: that is not 0. */
type Priced<T> = T & { cost: Cost | null };

export function priced<T extends RequestSummary>(record: T, pricesOf: PriceBook): Priced<T> {
  const { usage, provider, upstreamModel, tariff } = record;
  const cost = usage && costOf(usage, pricesOf(provider, upstreamModel), tariff);
  return { ...record, cost: cost ?? null };
}

export function shownRecord(
  { request, answer, ...record }: RequestRecord,
  pricesOf: PriceBook,
): Omit<RequestDetail, "bodies"> {
  return {
    ...priced(record, pricesOf),
    ...(request && { request: shownBody(request) }),
    ...(answer && { answer: shownBody(answer) }),
  };
}

function shownBody({ text, ...rest }: StoredBody): BodyShape {
  if (rest.capped) return { text, ...rest };
  try {
    return { json: JSON.parse(text), ...rest };
  } catch {
    return { text, ...rest };
  }
}
