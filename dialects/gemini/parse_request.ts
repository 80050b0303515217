/** A client's body, and what its path says, as a neutral request. */

import { GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { convertObject } from "../gemini_camel_case.ts";
import { otherConfig, parseConfig } from "./generation_config.ts";
import { parseContents, parseInstruction } from "./parse_contents.ts";
import { type RequestBody, requestFields, requestSchema, routeSchema } from "./schema.ts";
import { parseServiceTier } from "./service_tier.ts";
import { parseToolChoice, parseTools } from "./tools.ts";

export function parseRequest(body: unknown, context: { text: string; route?: JsonObject }): ChatRequest {
  const route = routeSchema().safeParse(context.route);
  if (!route.success) throw fieldError(route.error.issues, context.route);
  const { model, verb } = route.data;
  refuseOtherDialects(body);
  const spelled = isObject(body) ? spelledBody(body) : body;
  const parsed = requestSchema().safeParse(spelled);
  // `isObject` says to the compiler what the schema has checked.
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], spelled);

  const { data } = parsed;
  return {
    model,
    messages: [...parseInstruction(data.systemInstruction?.parts ?? []), ...parseContents(data.contents)],
    stream: verb === "streamGenerateContent",
    includeUsage: true,
    ...given({
      tools: parseTools(data.tools),
      toolChoice: parseToolChoice(data.toolConfig?.functionCallingConfig),
      ...(data.generationConfig && parseConfig(data.generationConfig)),
      serviceTier: parseServiceTier(data.serviceTier),
    }),
    extra: parseExtra(data),
    source: { dialect: "gemini", body, text: context.text, ...(data.cachedContent ? { held: "cachedContent" } : {}) },
  };
}

/** The request that a body holds, in the one spelling of its fields that is read. */
export function spelledBody(body: JsonObject): JsonObject {
  return convertObject(requestIn(body));
}

/** `countTokens` may be asked about a whole request, which it holds as a member. */
function requestIn(body: JsonObject): JsonObject {
  const whole = body.generateContentRequest ?? body.generate_content_request;
  return isObject(whole) ? whole : body;
}

/** A body of another API, sent to this route by a client that was set up wrong, is told so (CASES H7). */
function refuseOtherDialects(body: unknown): void {
  if (!isObject(body) || body.contents !== undefined) return;
  const route = body.messages !== undefined
    ? "/v1/chat/completions"
    : body.input !== undefined
    ? "/v1/responses"
    : undefined;
  if (route === undefined) return;
  throw new GatewayError(
    "invalid-request",
    `Cannot read the request as contents is missing, and the body looks like one for ${route}`,
    { param: "contents" },
  );
}

/** Fields without a place of their own, at the top and within the two that have one. */
function parseExtra(data: RequestBody): JsonObject {
  const extra = Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, Json] => !requestFields().has(entry[0])),
  );
  const generationConfig = otherConfig(data.generationConfig ?? {});
  const { functionCallingConfig: _, ...toolConfig } = data.toolConfig ?? {};
  return {
    ...extra,
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...(Object.keys(toolConfig).length > 0 && { toolConfig: toolConfig as JsonObject }),
  };
}
