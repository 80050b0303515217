/** The admin routes: every request that was recorded, what it all came to, and an export. Closed without the admin key. */

import type { Context, Hono, MiddlewareHandler } from "hono";
import { createDashboard, createSession, demandSameOrigin, openSession, type Session } from "../../dashboard/mod.tsx";
import { createRequestLog } from "../../records/request_log.ts";
import { DAY } from "../../records/day_totals.ts";
import { toStream } from "../../streaming/to_stream.ts";
import { clientAddress } from "../client_address.ts";
import type { GatewayEnv } from "../context.ts";
import type { Gateway } from "../gateway.ts";
import { createPriceBook } from "../price_book.ts";
import { type AdminAccess, bearerOf } from "./admin_access.ts";
import { createEndedSessions } from "./ended_sessions.ts";
import { EXPORTS } from "./export_requests.ts";
import { addKeyRoutes } from "./keys/mod.ts";
import { GROUPS, overviewOf, spanOf } from "./overview.ts";
import { addPlayRoutes } from "./play.ts";
import { askOf, readRequestQuery, readTime, readWord } from "./read_query.ts";
import { addProviderRoutes } from "./providers/mod.ts";
import { addRequestRoutes } from "./request_routes.ts";

export function addAdminRoutes(app: Hono<GatewayEnv>, gateway: Gateway): void {
  const { admin: access, config, ports: { now }, routing, store } = gateway;
  const log = createRequestLog(store);
  const pricesOf = createPriceBook(config);
  const { adminKey } = config;
  const ended = createEndedSessions({ store, now });
  const session = adminKey === undefined ? undefined : createSession({ adminKey, now, ended });
  const checkKey = (key: string, context: Context) => access.check(key, clientAddress(context));
  app.route("/dashboard", createDashboard({ session, checkKey, now }));
  app.use("/admin/*", demandAdmin({ access, session }));
  addProviderRoutes(app, gateway);
  addKeyRoutes(app, gateway);

  const isAdmin = async (context: Context<GatewayEnv>) =>
    bearerOf(context.req.header("authorization")) !== undefined || await openSession(context, session) !== undefined;
  addRequestRoutes(app, gateway, { log, pricesOf, isAdmin });
  addPlayRoutes(app, gateway.admitted);

  app.get("/admin/overview", async (context) => {
    const ask = askOf(context);
    const to = readTime(ask, "to") ?? now();
    const from = readTime(ask, "from") ?? to - DAY;
    const by = readWord(ask, "by", GROUPS) ?? "provider";
    const counted = spanOf({ from, to }) === DAY ? await log.days(from, to) : await log.hours(from, to);
    return context.json(overviewOf(counted, { from, to, by, pricesOf }));
  });

  app.get("/admin/routing", (context) => context.json(routing.state()));

  app.get("/admin/export", (context) => {
    const ask = askOf(context);
    const format = readWord(ask, "format", ["ndjson", "csv"]) ?? "ndjson";
    const { type, lines } = EXPORTS[format];
    const headers = { "content-type": type, "content-disposition": `attachment; filename="requests.${format}"` };
    return context.body(toStream(lines({ log, query: readRequestQuery(ask), pricesOf })), { headers });
  });
}

/** By the key as a bearer, as programs have it, or by the session of the dashboard, as browsers do. */
function demandAdmin(
  { access, session }: { access: AdminAccess; session: Session | undefined },
): MiddlewareHandler<GatewayEnv> {
  return async function demandAdmin(context, next) {
    context.header("cache-control", "no-store");
    const bearer = bearerOf(context.req.header("authorization"));
    if (bearer === undefined && await openSession(context, session) !== undefined) demandSameOrigin(context);
    else access.check(bearer, clientAddress(context));
    await next();
  };
}
