/** A chat of the admin's own: any route of the gateway below `/admin/play`, without a client's key and its limits. */

import type { Context, Hono } from "hono";
import { GatewayError } from "../../chat/error.ts";
import type { Admitted } from "../admitted.ts";
import type { GatewayEnv } from "../context.ts";

const PREFIX = "/admin/play";
const ROUTES = /^\/(v1|v1beta|api)\//;

export function addPlayRoutes(app: Hono<GatewayEnv>, admitted: Admitted): void {
  app.all(`${PREFIX}/*`, (context) => {
    const request = playRequest(context);
    admitted.add(request);
    return app.fetch(request, context.env);
  });
}

function playRequest({ req }: Context<GatewayEnv>): Request {
  const url = new URL(req.url);
  url.pathname = url.pathname.slice(PREFIX.length);
  if (!ROUTES.test(url.pathname)) {
    throw new GatewayError("unknown-route", `Cannot answer as there is no route ${url.pathname} to play with`);
  }
  const { method, headers: sent, body, signal } = req.raw;
  const headers = new Headers(sent);
  // They are between the browser and the dashboard.
  for (const name of ["cookie", "authorization"]) headers.delete(name);
  return new Request(url, { method, headers, body, signal });
}
