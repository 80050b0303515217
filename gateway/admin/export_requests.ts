/** All records as one download: NDJSON with all that is kept, or CSV with what a table can show. */

import type { RequestLog, RequestQuery } from "../../records/request_log.ts";
import type { RequestSummary } from "../../records/request_record.ts";
import type { Pull } from "../../streaming/pull.ts";
import type { PriceBook } from "../price_book.ts";
import { csvLine } from "./csv.ts";
import { priced, shownRecord } from "./shown_request.ts";

export interface ExportOptions {
  log: RequestLog;
  query: RequestQuery;
  pricesOf: PriceBook;
}

export const EXPORTS = {
  ndjson: { type: "application/x-ndjson", lines: exportNdjson },
  csv: { type: "text/csv; charset=utf-8", lines: exportCsv },
} as const satisfies Record<string, { type: string; lines: (options: ExportOptions) => Pull<string[]> }>;

/** Reads on only as fast as the client does. */
function exportNdjson({ log, query, pricesOf }: ExportOptions): Pull<string[]> {
  const records = log.eachRecord(query);
  return {
    async next() {
      while (true) {
        const few = await records.next();
        // A batch without a line would stall the stream.
        if (few?.length !== 0) return few?.map((record) => `${JSON.stringify(shownRecord(record, pricesOf))}\n`);
      }
    },
    cancel: (reason) => records.cancel(reason),
  };
}

const COLUMNS = {
  id: ({ id }) => id,
  started_at: ({ startedAt }) => new Date(startedAt).toISOString(),
  dialect: ({ dialect }) => dialect,
  key: ({ key }) => key,
  model: ({ model }) => model,
  provider: ({ provider }) => provider,
  upstream_model: ({ upstreamModel }) => upstreamModel,
  stream: ({ stream }) => stream,
  mode: ({ mode }) => mode,
  status: ({ status }) => status,
  end: ({ end }) => end,
  finish: ({ finish }) => finish,
  error: ({ error }) => error,
  attempts: ({ attempts }) => attempts,
  ttft_ms: ({ ttft }) => ttft,
  tpot_ms: ({ tpot }) => tpot,
  total_ms: ({ total }) => total,
  input_tokens: ({ usage }) => usage?.input,
  output_tokens: ({ usage }) => usage?.output,
  cached_tokens: ({ usage }) => usage?.cached,
  cache_write_tokens: ({ usage }) => usage?.cacheWrite,
  cache_write_hour_tokens: ({ usage }) => usage?.cacheWriteHour,
  reasoning_tokens: ({ usage }) => usage?.reasoning,
  tokens_estimated: ({ usage }) => usage?.estimated,
  tariff: ({ tariff }) => tariff,
  cost_usd: ({ cost }) => cost?.total,
} as const satisfies Record<string, (request: ReturnType<typeof priced<RequestSummary>>) => unknown>;

function exportCsv({ log, query, pricesOf }: ExportOptions): Pull<string[]> {
  const summaries = log.each(query);
  let isBegun = false;
  return {
    async next() {
      if (!isBegun) {
        isBegun = true;
        return [csvLine(Object.keys(COLUMNS))];
      }
      const more = await summaries.next();
      if (more === undefined || more.length === 0) return undefined;
      return more.map((summary) => {
        const request = priced(summary, pricesOf);
        return csvLine(Object.values(COLUMNS).map((column) => column(request)));
      });
    },
    cancel: (reason) => summaries.cancel(reason),
  };
}
