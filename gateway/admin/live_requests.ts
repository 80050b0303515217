/** Requests as they begin and end, as server-sent events: those of this instance at once, those of others as the store tells. */

import type { RequestRow, RunningRow } from "../../dashboard/shapes.ts";
import { requestMatcher } from "../../records/request_filter.ts";
import type { RequestLog, RequestQuery } from "../../records/request_log.ts";
import type { RequestSummary } from "../../records/request_record.ts";
import type { Pull } from "../../streaming/pull.ts";
import { delay } from "../../streaming/timer.ts";
import type { LiveFeed } from "../live_feed.ts";
import type { Observation } from "../observation.ts";
import type { PriceBook } from "../price_book.ts";
import { priced } from "./shown_request.ts";

export interface LiveOptions {
  feed: LiveFeed;
  query: Omit<RequestQuery, "from" | "to">;
  pricesOf: PriceBook;
  now: () => number;
  /** Ends it. */
  closing: AbortSignal;
  /** Whether whoever watches still may: asked again and again, as a session ends while its pages are open. */
  mayStay: () => Promise<boolean>;
  /** Absent where no other instance writes to the store. */
  log?: RequestLog;
}

/** How often there is something to be told: soon enough for an eye, and few frames however busy the gateway is. */
const TICK = 250;
/** How often the store is asked for what other instances kept, and who watches is looked at. */
const POLL = 5_000;
/** Nothing older is looked at. */
const RECENT = 10 * 60_000;
/** Of a busy gateway the newest are shown, not all. */
const MOST = 100;
/** Silence after which a comment tells proxies that somebody is here. */
const SILENCE = 15_000;

/** `running` has all that run in this instance; `ended` has summaries, the newest first. */
export function liveRequests({ feed, query, pricesOf, now, closing, mayStay, log }: LiveOptions): Pull<string[]> {
  const matches = requestMatcher(query);
  const leaving = new AbortController();
  let ended: RequestSummary[] = [];
  let told: string | undefined;
  let toldAt = now();
  let lookedAt = now();
  const unwatch = feed.watch((kept) => {
    ended = [...kept.filter(matches).toReversed(), ...ended].slice(0, MOST);
  });
  const foreign = log && foreignRequests(log, { query, now });
  const leave = () => {
    unwatch();
    closing.removeEventListener("abort", leave);
    leaving.abort();
  };
  closing.addEventListener("abort", leave, { once: true });
  if (closing.aborted) leave();

  function frames(): string[] {
    const running = JSON.stringify([...feed.running()].slice(-MOST).map(runningRow));
    const found = [
      ...(running === told ? [] : [`event: running\ndata: ${running}\n\n`]),
      ...(ended.length === 0 ? [] : [`event: ended\ndata: ${JSON.stringify(rowsOf(ended, pricesOf))}\n\n`]),
    ];
    [told, ended] = [running, []];
    if (found.length === 0 && now() - toldAt >= SILENCE) found.push(": still here\n\n");
    if (found.length > 0) toldAt = now();
    return found;
  }

  return {
    async next() {
      while (true) {
        if (told !== undefined) await delay(TICK, leaving.signal).catch(() => {});
        if (now() - lookedAt >= POLL) {
          lookedAt = now();
          if (!await mayStay()) leave();
        }
        if (leaving.signal.aborted) return undefined;
        for (const summary of await foreign?.() ?? []) {
          if (!ended.some(({ id }) => id === summary.id)) ended.push(summary);
        }
        const found = frames();
        if (found.length > 0) return found;
      }
    },
    cancel: leave,
  };
}

/**
 * What is new among the newest of the store, if it is time to ask. A request that began long before others ended is not
 * found in this way, as the store's order is that of the beginnings; it is there when the list is loaded again.
 */
function foreignRequests(
  log: RequestLog,
  { query, now }: { query: RequestQuery; now: () => number },
): () => Promise<RequestSummary[]> {
  let known: ReadonlySet<string> | undefined;
  let askedAt = -Infinity;
  return async () => {
    if (now() - askedAt < POLL) return [];
    askedAt = now();
    const { requests } = await log.page({ ...query, from: now() - RECENT }, { limit: MOST });
    const fresh = known === undefined ? [] : requests.filter(({ id }) => !known?.has(id));
    known = new Set(requests.map(({ id }) => id));
    return fresh;
  };
}

function rowsOf(summaries: readonly RequestSummary[], pricesOf: PriceBook): RequestRow[] {
  return summaries.map((summary) => priced(summary, pricesOf));
}

function runningRow({ id, startedAt, dialect, stream, model, provider, key, chunks, ttft }: Observation): RunningRow {
  return {
    id,
    startedAt,
    dialect,
    stream,
    chunks,
    ...(model !== undefined && { model: model.slice(0, 200) }),
    ...(provider !== undefined && { provider }),
    ...(key !== undefined && { key }),
    ...(ttft !== undefined && { ttft }),
  };
}
