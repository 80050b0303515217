/** `Server-Timing`, for a client that asks for it with `x-server-timing: 1`: where the time went until the head was sent. */

import type { Context } from "hono";
import type { GatewayEnv } from "./context.ts";
import type { Observation } from "./observation.ts";
import { tellClient } from "./told_headers.ts";

/**
 * Milliseconds each: `resolve` from the request to the known model, `open` from there to an upstream with something to
 * say, all attempts included, `first` from the request to the first content. What came after the head is not in it.
 */
export function tellTiming(context: Context<GatewayEnv>, { startedAt, resolvedAt, openedAt, ttft }: Observation): void {
  if (context.req.header("x-server-timing") !== "1") return;
  const spans = {
    resolve: resolvedAt === undefined ? undefined : resolvedAt - startedAt,
    open: resolvedAt === undefined || openedAt === undefined ? undefined : openedAt - resolvedAt,
    first: ttft,
  };
  const known = Object.entries(spans).filter(([, milliseconds]) => milliseconds !== undefined);
  if (known.length === 0) return;
  tellClient(context, "server-timing", known.map(([name, milliseconds]) => `${name};dur=${milliseconds}`).join(", "));
}
