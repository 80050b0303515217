/** The admin routes of recorded requests: a page of them, those that happen now, and one with all that is known. */

import type { Context, Hono } from "hono";
import { GatewayError } from "../../chat/error.ts";
import type { RequestDetail, RequestPageShape } from "../../dashboard/shapes.ts";
import type { RequestLog } from "../../records/request_log.ts";
import { toStream } from "../../streaming/to_stream.ts";
import type { GatewayEnv } from "../context.ts";
import type { Gateway } from "../gateway.ts";
import type { PriceBook } from "../price_book.ts";
import { liveRequests } from "./live_requests.ts";
import { askOf, readBefore, readNumber, readRequestQuery, readTime } from "./read_query.ts";
import { priced, shownRecord } from "./shown_request.ts";

/** Milliseconds a page may take to find its requests. */
const PATIENCE = 150;

interface Kept {
  log: RequestLog;
  pricesOf: PriceBook;
  /** Whether the request's key or session is still good. */
  isAdmin: (context: Context<GatewayEnv>) => Promise<boolean>;
}

export function addRequestRoutes(app: Hono<GatewayEnv>, gateway: Gateway, kept: Kept): void {
  const { config, ports: { now } } = gateway;
  app.get("/admin/requests", async (context) => context.json(await pageOf(context, kept, now)));
  app.get("/admin/requests/live", (context) => follow(context, gateway, kept));
  app.get("/admin/requests/:id", async (context) => {
    const detail: RequestDetail = { ...await findRequest(context, kept), bodies: config.records.bodies };
    return context.json(detail);
  });
}

async function pageOf(
  context: Context<GatewayEnv>,
  { log, pricesOf }: Kept,
  now: () => number,
): Promise<RequestPageShape> {
  const ask = askOf(context);
  const before = readBefore(ask);
  const deadline = now() + PATIENCE;
  const { requests, next, reached } = await log.page(readRequestQuery(ask), {
    limit: readNumber(ask, "limit", { least: 1, most: 500 }) ?? 50,
    ...(before !== undefined && { before }),
    isLate: () => now() > deadline,
  });
  return {
    requests: requests.map((each) => priced(each, pricesOf)),
    next: next ?? null,
    ...reached !== undefined && { reached },
  };
}

function follow(
  context: Context<GatewayEnv>,
  { live, store, ports }: Gateway,
  { log, pricesOf, isAdmin }: Kept,
): Response {
  const { from: _, to: __, ...query } = readRequestQuery(askOf(context));
  const frames = liveRequests({
    feed: live,
    query,
    pricesOf,
    now: ports.now,
    closing: ports.closing,
    mayStay: () => isAdmin(context),
    ...(store.state().mode === "kv" && { log }),
  });
  return context.body(toStream(frames), {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

async function findRequest(context: Context<GatewayEnv>, { log, pricesOf }: Omit<Kept, "isAdmin">) {
  const record = await log.find(context.req.param("id") ?? "", readTime(askOf(context), "at"));
  if (record === undefined) {
    throw new GatewayError("unknown-route", "Cannot show the request as there is no record of it");
  }
  return shownRecord(record, pricesOf);
}
