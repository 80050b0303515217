/** The Hono application: routes, who may use them, and one place where every error gets its body. */

import { type Context, type Handler, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { GatewayError, toGatewayError } from "./chat/error.ts";
import { openaiChat } from "./dialects/openai_chat/mod.ts";
import type { ConfigOutcome, ConfigProblem } from "./gateway/config/mod.ts";
import type { GatewayEnv } from "./gateway/context.ts";
import { createGateway, type Gateway, type Ports } from "./gateway/gateway.ts";
import { healthOf, unhealthy } from "./gateway/health.ts";
import { landingPage, landingText } from "./gateway/landing.ts";
import { idFromPath, listModels, MODEL_SHAPES, showModel } from "./gateway/models_route.ts";
import { requestIdFrom } from "./gateway/request_id.ts";
import { serveChat } from "./gateway/serve_chat.ts";

export type App = Hono<GatewayEnv>;

/** Headers of ours that a browser client may read. */
const EXPOSED = ["x-request-id", "retry-after"];

export function createApp(outcome: ConfigOutcome, ports: Ports): App {
  const app: App = new Hono();
  app.use(nameRequest(ports));
  const origins = "config" in outcome ? outcome.config.cors.origins : ["*"];
  app.use(cors({ origin: origins.includes("*") ? "*" : origins, exposeHeaders: EXPOSED }));
  app.onError((error, context) => respondWithError(toGatewayError(error), context, ports));
  app.notFound((context) => {
    throw new GatewayError(
      "unknown-route",
      `Cannot answer as there is no route ${context.req.method} ${context.req.path}`,
    );
  });
  if ("config" in outcome) addRoutes(app, createGateway(outcome.config, ports));
  else addHealthOnly(app, outcome.problems);
  return app;
}

function addRoutes(app: App, gateway: Gateway): void {
  const identified: MiddlewareHandler<GatewayEnv> = async function identify(context, next) {
    context.set("key", gateway.access.identify(context.req.raw));
    await next();
  };
  app.use("/v1/*", identified);

  route(app, "/", { GET: (context) => landing(context, gateway) });
  route(app, "/health", { GET: (context) => context.json(healthOf(gateway)) });
  route(app, "/v1/models", { GET: async (context) => context.json(await listModels(gateway, MODEL_SHAPES.openai)) });
  route(app, "/v1/models/:id{.+}", {
    GET: async (context) =>
      context.json(await showModel(gateway, idFromPath(context.req.param("id") ?? ""), MODEL_SHAPES.openai)),
  });
  route(app, "/v1/chat/completions", { POST: (context) => serveChat(context, gateway, { dialect: openaiChat }) });
}

/** With a configuration that cannot be used, `/health` says why, and everything else that it cannot be used. */
function addHealthOnly(app: App, problems: readonly ConfigProblem[]): void {
  app.get("/health", (context) => context.json(unhealthy(problems), 503));
  app.get("/", (context) => context.text(landingText()));
  app.all("*", () => {
    throw new GatewayError("configuration", "Cannot answer as the configuration has mistakes: GET /health lists them");
  });
}

/** One path with all its methods; any other method is told which there are. */
function route(app: App, path: string, methods: Partial<Record<"GET" | "POST", Handler<GatewayEnv>>>): void {
  const handlers = Object.entries(methods);
  for (const [method, handler] of handlers) app.on(method, path, handler);
  const allow = handlers.map(([method]) => method === "GET" ? "GET, HEAD" : method).join(", ");
  app.all(path, (context) => {
    context.header("allow", allow);
    throw new GatewayError("method-not-allowed", `Cannot answer as ${context.req.path} takes ${allow} only`);
  });
}

function landing(context: Context<GatewayEnv>, gateway: Gateway): Response | Promise<Response> {
  const wantsPage = context.req.header("accept")?.includes("text/html") ?? false;
  return wantsPage ? context.html(landingPage(gateway, new URL(context.req.url).origin)) : context.text(landingText());
}

function nameRequest({ randomId }: Ports): MiddlewareHandler<GatewayEnv> {
  return async function nameRequest(context, next) {
    const id = requestIdFrom(context.req.raw.headers, randomId);
    context.set("requestId", id);
    context.header("x-request-id", id);
    await next();
  };
}

function respondWithError(error: GatewayError, context: Context<GatewayEnv>, { log }: Ports): Response {
  const id = context.get("requestId");
  if (error.kind === "internal") log.error("failed", { id, cause: String(error.cause) });
  const { status, body } = openaiChat.formatError(error, id);
  const headers = new Headers({ "content-type": "application/json", "x-request-id": id });
  if (error.retryAfter !== undefined) headers.set("retry-after", String(Math.ceil(error.retryAfter / 1000)));
  // Our own attempts are spent: a client that repeats them by itself would triple the load (DIALECTS.md §2.4).
  if (status >= 500) headers.set("x-should-retry", "false");
  return context.newResponse(JSON.stringify(body), { status: status as 500, headers });
}
