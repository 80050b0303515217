/** A client's body as a neutral request. */

import { GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, OutputFormat } from "../../chat/request.ts";
import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { lazy } from "../lazy.ts";
import { parseTier } from "./service_tier.ts";
import { parseMessages } from "./parse_messages.ts";
import { type RequestBody, requestSchema } from "./schema.ts";
import { parseReasoning } from "./thinking.ts";
import { parseToolChoice, parseTools } from "./tools.ts";

export function parseRequest(body: unknown, { text }: { text: string }): ChatRequest {
  refuseOtherDialects(body);
  refuseThreads(body);
  const parsed = requestSchema().safeParse(body);
  // `isObject` says to the compiler what the schema has checked.
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], body);
  const { data } = parsed;
  return {
    model: data.model,
    messages: parseMessages(data),
    stream: data.stream ?? false,
    // A stream always carries its counts here.
    includeUsage: true,
    ...given({
      tools: parseTools(data),
      ...parseToolChoice(data.tool_choice),
      maxTokens: data.max_tokens,
      temperature: data.temperature,
      topP: data.top_p,
      topK: data.top_k,
      stop: data.stop_sequences,
      reasoning: parseReasoning(data),
      output: parseOutput(data),
      user: data.metadata?.user_id,
      serviceTier: parseTier(data.service_tier),
    }),
    extra: parseExtra(body, data),
    source: { dialect: "anthropic", body, text },
  };
}

/** A body of another API, sent to this route by a client that was set up wrong, is told so (CASES H7). */
function refuseOtherDialects(body: unknown): void {
  if (!isObject(body)) return;
  const route = otherRoute(body);
  if (route === undefined) return;
  throw new GatewayError("invalid-request", `Cannot read the request as the body looks like one for ${route}`, {
    param: "messages",
  });
}

/**
 * A thread is a conversation that Anthropic holds: such a request brings only what is new, to which no other upstream has the
 * rest. The SDKs' tool runners try for one at any address, and send everything again when they read this code:
 * https://www.npmjs.com/package/@anthropic-ai/sdk, seen in 1.14.0 (2026-11-28).
 */
function refuseThreads(body: unknown): void {
  if (!isObject(body) || !isObject(body.thread)) return;
  throw new GatewayError("invalid-request", "Cannot hold the conversation as only whole ones are answered here", {
    param: "thread",
    code: "thread_unsupported_request",
  });
}

function otherRoute({ messages, input, contents }: JsonObject): string | undefined {
  if (Array.isArray(messages)) {
    const isTool = (message: Json) => isObject(message) && (message.role === "tool" || message.role === "developer");
    return messages.some(isTool) ? "/v1/chat/completions" : undefined;
  }
  if (input !== undefined) return "/v1/responses";
  return contents === undefined ? undefined : "the Gemini routes";
}

function parseOutput({ output_config, output_format }: RequestBody): OutputFormat | undefined {
  const format = output_config?.format ?? output_format;
  return format?.type === "json_schema" ? { type: "schema", schema: format.schema ?? {} } : undefined;
}

const knownFields = lazy((): ReadonlySet<string> => new Set(Object.keys(requestSchema().shape)));

/** Fields without a place of their own, at the top and in `output_config`: betas, and what is newer than this page. */
function parseExtra(body: JsonObject, { output_config: config }: RequestBody): JsonObject {
  const extra = Object.entries(body).filter((entry): entry is [string, Json] => !knownFields().has(entry[0]));
  const { effort: _, format: __, ...rest } = config ?? {};
  const others = given(rest);
  return {
    ...Object.fromEntries(extra),
    ...(Object.keys(others).length > 0 && { output_config: others as JsonObject }),
  };
}
