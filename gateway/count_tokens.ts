/** The routes that count a request's tokens instead of answering it. */

import type { Context } from "hono";
import { fitRequest } from "../chat/fit_request.ts";
import type { JsonObject } from "../chat/json.ts";
import { anthropic } from "../dialects/anthropic/mod.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { gemini } from "../dialects/gemini/mod.ts";
import { openaiResponses } from "../dialects/openai_responses/mod.ts";
import type { GatewayEnv } from "./context.ts";
import type { Gateway } from "./gateway.ts";
import { demandModel } from "./limits/mod.ts";
import { ownerOf } from "./owner_of.ts";
import { withProtocolHeaders } from "./protocol_headers.ts";
import { readJson } from "./read_json.ts";
import { jsonResponse } from "./respond.ts";
import { recallCount } from "./responses/recall.ts";
import { type Incoming, parse, type Read } from "./serve_chat.ts";
import type { CountTokens } from "./token_counts.ts";

export interface CountRoute {
  dialect: Dialect;
  /** What the path said, in the form of request fields. */
  route?: JsonObject;
  /** Reads a request that may refer to something kept; by the dialect alone unless given. */
  read?: (gateway: Gateway, incoming: Incoming) => Promise<Read>;
  /** The answer in the dialect's shape. */
  format: (tokens: number) => JsonObject;
}

/** The routes of the three dialects that have one. */
export const COUNT_ROUTES = {
  anthropic: { dialect: anthropic, format: (tokens) => ({ input_tokens: tokens }) },
  gemini: { dialect: gemini, format: (tokens) => ({ totalTokens: tokens }) },
  openai_responses: {
    dialect: openaiResponses,
    read: recallCount,
    format: (tokens) => ({ object: "response.input_tokens", input_tokens: tokens }),
  },
} as const satisfies Record<string, CountRoute>;

export type CountHandler = (context: Context<GatewayEnv>, asked: CountRoute) => Promise<Response>;

/** A count is no answer: it uses up nothing of what a client may ask for, and is told in the log at its finest only. */
export function createCountHandler(gateway: Gateway): CountHandler {
  const { config, catalog, routing, ports: { now, log } } = gateway;
  let count: CountTokens | undefined;
  return async function countTokens(context, { dialect, route, read = (_, incoming) => parse(incoming), format }) {
    const { headers } = context.req.raw;
    const { body, text } = await readJson(context.req.raw, config.advanced.bodyLimit);
    const incoming = { body, text, owner: ownerOf(context), dialect, ...(route && { route }) };
    const { request: parsed } = await read(gateway, incoming);
    await demandModel(context.get("client"), parsed.model, catalog);
    const { candidates } = await catalog.resolve(parsed.model);
    const candidate = candidates.find((each) => routing.allows(each)) ?? candidates[0];
    const { request } = fitRequest(withProtocolHeaders(parsed, dialect, headers), candidate.facts);
    const { requestId: id, key } = context.var;
    const { createTokenCounts } = await import("./token_counts.ts");
    count ??= createTokenCounts({ now, log });
    // What was put in front of the client's words is no part of them, and may grow.
    const asked = parsed.source.text ?? text + JSON.stringify(parsed.messages);
    const { tokens, estimated } = await count({ request, candidate, text: asked, id, key });
    return jsonResponse(JSON.stringify(format(tokens)), estimated ? { "x-anystream-estimated": "true" } : {});
  };
}
