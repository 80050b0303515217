/** Who was refused, in the log: each address once a minute for each reason, as whoever tries keys would fill it. */

import type { Context } from "hono";
import type { GatewayError } from "../chat/error.ts";
import { clientAddress } from "./client_address.ts";
import type { GatewayEnv } from "./context.ts";
import type { Log } from "./log.ts";
import { createRecentlyUsed } from "./recently_used.ts";

export type RefusalLog = (context: Context<GatewayEnv>, error: GatewayError) => void;

/** Milliseconds. */
const PAUSE = 60_000;
const MOST_REMEMBERED = 1_000;
/** Clients ask for what they like. */
const MOST_CHARACTERS = 300;

export function createRefusalLog({ log, now }: { log: Log; now: () => number }): RefusalLog {
  const told = createRecentlyUsed<{ at: number; since: number }>({ limit: MOST_REMEMBERED });
  return function tellRefused(context, error) {
    const address = clientAddress(context) ?? "unknown";
    // An open page of the dashboard does not hide a client, nor a key that is wrong one that is missing.
    const what = `${address} ${error.message}`;
    const before = told.get(what);
    if (before !== undefined && now() - before.at < PAUSE) return void before.since++;
    told.set(what, { at: now(), since: 0 });
    log.warn("refused", {
      id: context.get("requestId"),
      status: error.status,
      why: error.message,
      method: context.req.method,
      path: context.req.path.slice(0, MOST_CHARACTERS),
      address,
      ...(before !== undefined && before.since > 0 && { untold: before.since }),
    });
  };
}
