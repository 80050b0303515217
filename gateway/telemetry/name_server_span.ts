/** Gives the server's span the route that answered: the runtime knows the method only. */

import { trace } from "@opentelemetry/api";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { GatewayEnv } from "../context.ts";

export const nameServerSpan: MiddlewareHandler<GatewayEnv> = async function nameServerSpan(context, next) {
  await next();
  const span = trace.getActiveSpan();
  if (span === undefined) return;
  const route = routePath(context, -1);
  // Where no route matched, the last one is a middleware's.
  if (route.endsWith("*")) return;
  span.updateName(`${context.req.method} ${route}`);
  span.setAttribute("http.route", route);
};
