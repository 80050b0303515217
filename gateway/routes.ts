/** Every route of a running gateway: which path, which dialect, who may use it. */

import type { Context, Handler, Hono, MiddlewareHandler } from "hono";
import { GatewayError, toGatewayError } from "../chat/error.ts";
import { anthropic } from "../dialects/anthropic/mod.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { type ClientWords, openaiWords } from "../dialects/embeddings/client_words.ts";
import { geminiBatchWords, geminiWords } from "../dialects/embeddings/gemini_words.ts";
import { ollamaPromptWords, ollamaWords } from "../dialects/embeddings/ollama_words.ts";
import { gemini, geminiArray } from "../dialects/gemini/mod.ts";
import { parseModelPath, VERBS } from "../dialects/gemini/parse_path.ts";
import { ollama, ollamaGenerate } from "../dialects/ollama/mod.ts";
import { formatVersion } from "../dialects/ollama/model_list.ts";
import { openaiChat } from "../dialects/openai_chat/mod.ts";
import { openaiCompletions } from "../dialects/openai_completions/mod.ts";
import { openaiCompaction, openaiResponses } from "../dialects/openai_responses/mod.ts";
import { addWhenAsked } from "./add_when_asked.ts";
import { ADMIN_NAME } from "./admitted.ts";
import { nearNames, suggestion } from "./catalog/near_names.ts";
import type { ClientIdentity } from "./access.ts";
import type { GatewayEnv } from "./context.ts";
import { COUNT_ROUTES, type CountHandler, createCountHandler } from "./count_tokens.ts";
import { serveEmbeddings } from "./embeddings.ts";
import type { Gateway } from "./gateway.ts";
import { healthOf } from "./health.ts";
import { LANDING_TEXT, landingPage } from "./landing.ts";
import { serveMetrics } from "./metrics/mod.ts";
import { listModels, MODEL_SHAPES, type ModelShape, modelShapeOf, showModel } from "./models_route.ts";
import { readJson } from "./read_json.ts";
import { recall, recallCompaction } from "./responses/recall.ts";
import {
  addConversationItems,
  changeConversation,
  createConversation,
  deleteConversation,
  deleteConversationItem,
  listConversationItems,
  showConversation,
  showConversationItem,
} from "./responses/serve_conversations.ts";
import { cancelResponse, deleteResponse, listInputItems, showResponse } from "./responses/serve_responses.ts";
import { serveChat } from "./serve_chat.ts";
import { deleteSession, listSessions, showSession } from "./sessions/serve_sessions.ts";
import { removeStream, serveStream } from "./streams/serve_stream.ts";

type App = Hono<GatewayEnv>;
type RouteHandler = Handler<GatewayEnv>;

export function addRoutes(app: App, gateway: Gateway): void {
  const identify: MiddlewareHandler<GatewayEnv> = async function identify(context, next) {
    if (gateway.admitted.has(context.req.raw)) {
      context.set("key", ADMIN_NAME);
      return await next();
    }
    const client = await gateway.access.identify(context.req.raw).catch((error) => {
      const stranger = strangerOf(context, gateway);
      if (stranger !== undefined && toGatewayError(error).kind === "unauthorized") return stranger;
      throw error;
    });
    context.set("client", client);
    context.set("key", client?.name);
    await next();
  };
  for (const path of ["/v1/*", "/v1beta/*", "/api/*"]) app.use(path, identify);

  const chat = (dialect: Dialect): RouteHandler => (context) => serveChat(context, gateway, { dialect });
  const count = createCountHandler(gateway);
  route(app, "/", { GET: (context) => landing(context, gateway) });
  route(app, "/health", { GET: async (context) => context.json(await healthOf(gateway)) });
  if (gateway.config.metrics.access !== "off") {
    route(app, "/metrics", { GET: (context) => serveMetrics(context, gateway) });
  }

  route(app, "/v1/chat/completions", { POST: chat(openaiChat) });
  route(app, "/v1/completions", { POST: chat(openaiCompletions) });
  route(app, "/v1/messages", { POST: chat(anthropic) });
  route(app, "/v1/messages/count_tokens", { POST: (context) => count(context, COUNT_ROUTES.anthropic) });
  route(app, "/v1/streams/:id", {
    GET: (context) => serveStream(context, gateway),
    DELETE: (context) => removeStream(context, gateway),
  });
  const embeddings = (dialect: Dialect, words: ClientWords): RouteHandler => (context) =>
    serveEmbeddings(context, gateway, { dialect, words });
  route(app, "/v1/embeddings", { POST: embeddings(openaiChat, openaiWords) });
  route(app, "/api/embed", { POST: embeddings(ollama, ollamaWords) });
  route(app, "/api/embeddings", { POST: embeddings(ollama, ollamaPromptWords) });
  route(app, "/api/chat", { POST: chat(ollama) });
  route(app, "/api/generate", { POST: chat(ollamaGenerate) });
  // Nothing is held in memory here, and nothing needs to be loaded.
  route(app, "/api/ps", { GET: (context) => context.json({ models: [] }) });
  route(app, "/api/version", { GET: (context) => context.json(formatVersion()) });
  addMemoryRoutes(app, gateway, { count });
  addModelRoutes(app, gateway, { count });
  addWhenAsked(app, ["/admin/*", "/dashboard/*"], async () => {
    const { addAdminRoutes } = await import("./admin/mod.ts");
    addAdminRoutes(app, gateway);
  });
}

/** langfast2api told everybody which models LangFast has: who asks for no more needs no key, and is told of no others. */
function strangerOf({ req }: Context<GatewayEnv>, { catalog }: Gateway): ClientIdentity | undefined {
  const name = req.method !== "POST" && /^\/v1\/models(?:$|\/)/.test(req.path) ? catalog.lonelyLangfast() : undefined;
  if (name === undefined) return undefined;
  return { id: "stranger", name: "stranger", limits: { models: [`${name}/*`] }, source: "configuration" };
}

/** What was said before, in the words of the Responses API, and for all dialects. */
function addMemoryRoutes(app: App, gateway: Gateway, { count }: { count: CountHandler }): void {
  const served =
    (serve: (context: Context<GatewayEnv>, gateway: Gateway) => Promise<Response>): RouteHandler => (context) =>
      serve(context, gateway);
  route(app, "/v1/responses", {
    POST: (context) =>
      serveChat(context, gateway, { dialect: openaiResponses, read: (incoming) => recall(gateway, incoming) }),
  });
  route(app, "/v1/responses/compact", {
    POST: (context) =>
      serveChat(context, gateway, {
        dialect: openaiCompaction,
        read: (incoming) => recallCompaction(gateway, incoming),
      }),
  });
  route(app, "/v1/responses/input_tokens", { POST: (context) => count(context, COUNT_ROUTES.openai_responses) });
  route(app, "/v1/responses/:id", { GET: served(showResponse), DELETE: served(deleteResponse) });
  route(app, "/v1/responses/:id/cancel", { POST: served(cancelResponse) });
  route(app, "/v1/responses/:id/input_items", { GET: served(listInputItems) });
  route(app, "/v1/sessions", { GET: served(listSessions) });
  route(app, "/v1/sessions/:id", { GET: served(showSession), DELETE: served(deleteSession) });
  route(app, "/v1/conversations", { POST: served(createConversation) });
  route(app, "/v1/conversations/:id", {
    GET: served(showConversation),
    POST: served(changeConversation),
    DELETE: served(deleteConversation),
  });
  route(app, "/v1/conversations/:id/items", {
    GET: served(listConversationItems),
    POST: served(addConversationItems),
  });
  route(app, "/v1/conversations/:id/items/:item", {
    GET: served(showConversationItem),
    DELETE: served(deleteConversationItem),
  });
}

function addModelRoutes(app: App, gateway: Gateway, { count }: { count: CountHandler }): void {
  const shaped = (context: Context<GatewayEnv>) => MODEL_SHAPES[modelShapeOf(context.req.raw)];
  const list = (shapeOf: (context: Context<GatewayEnv>) => ModelShape): RouteHandler => async (context) =>
    context.json(await listModels(gateway, { client: context.get("client"), shape: shapeOf(context) }));
  const one = (shapeOf: (context: Context<GatewayEnv>) => ModelShape): RouteHandler => async (context) =>
    context.json(
      await showModel(gateway, context.req.param("id") ?? "", {
        client: context.get("client"),
        shape: shapeOf(context),
      }),
    );
  const generate: RouteHandler = (context) => serveGemini(context, gateway, { count });

  route(app, "/v1/models", { GET: list(shaped) });
  route(app, "/v1beta/models", { GET: list(() => MODEL_SHAPES.gemini) });
  route(app, "/v1/models/:id{.+}", { GET: one(shaped), POST: generate });
  route(app, "/v1beta/models/:id{.+}", { GET: one(() => MODEL_SHAPES.gemini), POST: generate });
  // Some clients leave `models/` out of the path where the id has a slash (DIALECTS.md §3).
  for (const version of ["v1", "v1beta"]) route(app, `/${version}/:id{.+:(?:${VERBS.join("|")})}`, { POST: generate });
  route(app, "/api/tags", { GET: list(() => MODEL_SHAPES.ollama) });
  route(app, "/api/show", { POST: (context) => showOllama(context, gateway) });
}

/** `POST …/models/{model}:{verb}`: the model and what is wanted stand in the path. */
async function serveGemini(
  context: Context<GatewayEnv>,
  gateway: Gateway,
  { count }: { count: CountHandler },
): Promise<Response> {
  const found = parseModelPath(context.req.param("id") ?? "");
  if (found === undefined) throw unknownRoute(context);
  const { model, verb } = found;
  const sse = context.req.query("alt") === "sse";
  const route = { model, verb, sse };
  if (verb === "countTokens") return await count(context, { ...COUNT_ROUTES.gemini, route });
  if (verb === "embedContent" || verb === "batchEmbedContents") {
    const words = verb === "embedContent" ? geminiWords : geminiBatchWords;
    return await serveEmbeddings(context, gateway, { dialect: gemini, words, model });
  }
  const isArray = verb === "streamGenerateContent" && !sse;
  return await serveChat(context, gateway, { dialect: isArray ? geminiArray : gemini, route });
}

async function showOllama(context: Context<GatewayEnv>, gateway: Gateway): Promise<Response> {
  const { body } = await readJson(context.req.raw, gateway.config.advanced.bodyLimit);
  const asked = typeof body === "object" && body !== null ? body as { model?: unknown; name?: unknown } : {};
  const id = asked.model ?? asked.name;
  if (typeof id !== "string") {
    throw new GatewayError("invalid-request", "Cannot show a model as the request names none", { param: "model" });
  }
  return context.json(await showModel(gateway, id, { client: context.get("client"), shape: MODEL_SHAPES.ollama }));
}

/** One path with all its methods; any other method is told which there are. */
function route(app: App, path: string, methods: Partial<Record<"GET" | "POST" | "DELETE", RouteHandler>>): void {
  const handlers = Object.entries(methods);
  for (const [method, handler] of handlers) app.on(method, path, handler);
  const allow = handlers.map(([method]) => method === "GET" ? "GET, HEAD" : method).join(", ");
  app.all(path, (context) => {
    context.header("allow", allow);
    if (context.req.header("upgrade")?.toLowerCase() === "websocket") throw noWebSocket(context.req.path);
    throw new GatewayError("method-not-allowed", `Cannot answer as ${context.req.path} takes ${allow} only`);
  });
}

/** Codex then turns to HTTP at once; told anything else, it tries six times before (measured with 0.169, 2026-11-27). */
function noWebSocket(path: string): GatewayError {
  return new GatewayError("websocket", `Cannot answer over a WebSocket as ${path} is served over HTTP`);
}

/** What clients ask, for whoever mistypes it. */
const ASKED = [
  ...["/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/embeddings", "/v1/messages", "/v1/models"],
  ...["/v1beta/models", "/api/chat", "/api/generate", "/api/embed", "/api/tags", "/health", "/metrics", "/dashboard"],
];

export function unknownRoute({ req: { method, path } }: Context<GatewayEnv>): GatewayError {
  const near = suggestion(nearNames(path, ASKED, { limit: 1, within: 3 }).filter((route) => route !== path));
  return new GatewayError("unknown-route", `Cannot answer as there is no route ${method} ${path}${near}`);
}

function landing(context: Context<GatewayEnv>, gateway: Gateway): Response | Promise<Response> {
  const wantsPage = context.req.header("accept")?.includes("text/html") ?? false;
  return wantsPage ? context.html(landingPage(gateway, new URL(context.req.url).origin)) : context.text(LANDING_TEXT);
}
