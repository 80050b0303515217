/** The first of what is noted of a request: who asks, from where, and how. */

import type { Context } from "hono";
import type { DialectName } from "../chat/event.ts";
import type { HttpDetails } from "../records/request_record.ts";
import { clientAddress } from "./client_address.ts";
import type { GatewayEnv } from "./context.ts";
import type { Observation } from "./observation.ts";
import { ownerOf } from "./owner_of.ts";

/** Clients write their headers as they like. */
const MOST_CHARACTERS = 300;

export function newObservation(
  context: Context<GatewayEnv>,
  { dialect, now }: { dialect: DialectName; now: () => number },
): Observation {
  const key = context.get("key");
  const attempts: Observation["attempts"] = [];
  context.set("attempts", attempts);
  return {
    id: context.get("requestId"),
    startedAt: now(),
    dialect,
    stream: false,
    owner: ownerOf(context),
    ...(key !== undefined && { key }),
    attempts,
    lost: [],
    chunks: 0,
    http: httpDetails(context),
    headers: context.req.raw.headers,
  };
}

function httpDetails(context: Context<GatewayEnv>): HttpDetails {
  const { method, headers } = context.req.raw;
  const address = clientAddress(context);
  const forwardedFor = headers.get("x-forwarded-for");
  const userAgent = headers.get("user-agent");
  const received = Number(headers.get("content-length") ?? NaN);
  return {
    method,
    path: context.req.path.slice(0, MOST_CHARACTERS),
    ...(address !== undefined && { address }),
    ...(forwardedFor !== null && { forwardedFor: forwardedFor.slice(0, MOST_CHARACTERS) }),
    ...(userAgent !== null && { userAgent: userAgent.slice(0, MOST_CHARACTERS) }),
    ...(Number.isSafeInteger(received) && { received }),
  };
}
