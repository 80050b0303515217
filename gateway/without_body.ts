/** Answers HEAD as GET, and lets go of the body that nobody reads: it may hold an upstream, or watch the storage. */

import type { MiddlewareHandler } from "hono";
import type { GatewayEnv } from "./context.ts";

/** Hono answers HEAD by the route of GET, and drops the body as it is. */
export const withoutBody: MiddlewareHandler<GatewayEnv> = async function withoutBody(context, next) {
  await next();
  if (context.req.raw.method === "HEAD") await context.res.body?.cancel();
};
