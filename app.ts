/** The Hono application: what every request passes, and the one place where every error gets its body. */

import { type Context, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { getPath } from "hono/utils/url";
import { GatewayError, toGatewayError } from "./chat/error.ts";
import type { ConfigOutcome, ConfigProblem } from "./gateway/config/mod.ts";
import type { GatewayEnv } from "./gateway/context.ts";
import { dialectOf } from "./gateway/dialect_of.ts";
import { createGateway, type Ports } from "./gateway/gateway.ts";
import { unhealthy } from "./gateway/health.ts";
import { LANDING_TEXT } from "./gateway/landing.ts";
import { meantPath } from "./gateway/meant_path.ts";
import { RememberingRouter } from "./gateway/remembering_router.ts";
import { createRefusalLog } from "./gateway/refusal_log.ts";
import { requestIdFrom } from "./gateway/request_id.ts";
import { addRoutes, unknownRoute } from "./gateway/routes.ts";
import { telemetry } from "./gateway/telemetry/mod.ts";
import { tellClient, writeTold } from "./gateway/told_headers.ts";
import { withoutBody } from "./gateway/without_body.ts";

export type App = Hono<GatewayEnv>;

/** Headers of ours that a browser client may read. */
const EXPOSED = [
  "x-request-id",
  "request-id",
  "retry-after",
  ...["limit", "remaining", "reset"].flatMap((what) => [
    ...["requests", "tokens"].map((kind) => `x-ratelimit-${what}-${kind}`),
    ...["requests", "tokens"].map((kind) => `anthropic-ratelimit-${kind}-${what}`),
  ]),
  "x-anystream-lost",
  "x-anystream-estimated",
  "x-anystream-resume",
  "x-anystream-route",
  "server-timing",
];

export function createApp(outcome: ConfigOutcome, ports: Ports): App {
  // What Hono comes to by itself, once it has built another router for nothing: that one cannot tell our paths apart.
  const app: App = new Hono({ router: new RememberingRouter(), getPath: (request) => meantPath(getPath(request)) });
  const origins = "config" in outcome ? outcome.config.cors.origins : ["*"];
  if (telemetry !== undefined) app.use(telemetry.nameServerSpan);
  app.use(withoutBody);
  app.use(writeTold);
  app.use(nameRequest(ports));
  app.use(forBrowsers(cors({ origin: origins.includes("*") ? "*" : origins, exposeHeaders: EXPOSED })));
  const tellRefused = createRefusalLog(ports);
  app.onError((thrown, context) => {
    const error = toGatewayError(thrown);
    if (error.kind === "unauthorized") tellRefused(context, error);
    return respondWithError(error, context, ports);
  });
  app.notFound((context) => {
    throw unknownRoute(context);
  });
  if ("config" in outcome) addRoutes(app, createGateway(outcome.config, ports));
  else addHealthOnly(app, outcome.problems);
  return app;
}

/** With a configuration that cannot be used, `/health` says why, and everything else that it cannot be used. */
function addHealthOnly(app: App, problems: readonly ConfigProblem[]): void {
  app.get("/health", (context) => context.json(unhealthy(problems), 503));
  app.get("/", (context) => context.text(LANDING_TEXT));
  app.all("*", () => {
    throw new GatewayError("configuration", "Cannot answer as the configuration has mistakes: GET /health lists them");
  });
}

/** For requests of pages of another origin only: to no other client do these headers say anything. */
function forBrowsers(allow: MiddlewareHandler<GatewayEnv>): MiddlewareHandler<GatewayEnv> {
  return async function forBrowsers(context, next) {
    return await (context.req.raw.headers.has("origin") ? allow(context, next) : next());
  };
}

/** The request's id on whatever is answered: in OpenAI's header, and in Anthropic's for its clients (CASES H2). */
function nameRequest({ randomId }: Ports): MiddlewareHandler<GatewayEnv> {
  return async function nameRequest(context, next) {
    const id = requestIdFrom(context.req.raw.headers, randomId);
    context.set("requestId", id);
    tellClient(context, "x-request-id", id);
    if (dialectOf(context.req.raw).name === "anthropic") tellClient(context, "request-id", id);
    await next();
  };
}

function respondWithError(error: GatewayError, context: Context<GatewayEnv>, { log }: Ports): Response {
  const id = context.get("requestId");
  if (error.kind === "internal") log.error("failed", { id, cause: String(error.cause) });
  const { status, body } = dialectOf(context.req.raw).formatError(error, id);
  context.header("content-type", "application/json");
  if (error.retryAfter !== undefined) context.header("retry-after", String(Math.ceil(error.retryAfter / 1000)));
  const wasAsked = (context.get("attempts") ?? []).length > 0;
  if (isFinal(error, { status, wasAsked })) context.header("x-should-retry", "false");
  return context.newResponse(JSON.stringify(body), { status: status as 500 });
}

/**
 * Whether clients are to leave it at that. Where an upstream was asked, our own attempts are spent: a client that repeats
 * them by itself would triple the load (DIALECTS.md §2.4). Where none was, it costs nothing to come back when we say. A
 * limit of a day is not over in the seconds after which clients try again. A key that was refused stays so: Claude Code
 * asks ten times, for three minutes, before it says it (2.1.332, 2026-11-28).
 */
function isFinal(
  { kind, retryable, retryAfter }: GatewayError,
  { status, wasAsked }: { status: number; wasAsked: boolean },
): boolean {
  if (kind === "unauthorized") return true;
  if (status === 429) return !retryable;
  return status >= 500 && (wasAsked || !retryable || retryAfter === undefined);
}
