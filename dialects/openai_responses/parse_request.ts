/** A client's body as a neutral request. */

import { GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, ReasoningRequest } from "../../chat/request.ts";
import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { lazy } from "../lazy.ts";
import { parseOutput } from "../openai_output.ts";
import { isEffort } from "../reasoning_effort.ts";
import { asksForCompaction, hasOwnCompaction } from "./compaction.ts";
import { isForeign } from "./encrypted_content.ts";
import { notKept, parseInput } from "./parse_input.ts";
import { type RequestBody, requestSchema } from "./schema.ts";
import { parseToolChoice, parseTools } from "./tools.ts";

/** Asks for the logprobs that other dialects have a switch for. */
export const INCLUDE_LOGPROBS = "message.output_text.logprobs";
/** Asks for the signatures of thoughts, which every client gets: nothing is kept here that an id could refer to. */
export const INCLUDE_SIGNATURES = "reasoning.encrypted_content";

export function parseRequest(body: unknown, { text }: { text: string }): ChatRequest {
  refuseOtherDialects(body);
  const parsed = requestSchema().safeParse(body);
  // `isObject` says to the compiler what the schema has checked.
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], body);
  const { data } = parsed;
  refuseState(body);
  const logprobs = data.include?.includes(INCLUDE_LOGPROBS) || data.top_logprobs;
  return {
    model: data.model,
    messages: parseInput(data),
    stream: data.stream ?? false,
    includeUsage: true,
    ...given({
      tools: parseTools(data),
      toolChoice: asksForCompaction(body) ? { mode: "none" as const } : parseToolChoice(data.tool_choice),
      parallelToolCalls: data.parallel_tool_calls,
      maxTokens: data.max_output_tokens,
      temperature: data.temperature,
      topP: data.top_p,
      logprobs: logprobs ? true : undefined,
      topLogprobs: data.top_logprobs,
      reasoning: parseReasoning(data.reasoning),
      output: data.text?.format && parseOutput(data.text.format),
      verbosity: data.text?.verbosity,
      user: data.safety_identifier ?? data.user,
      metadata: data.metadata,
      serviceTier: data.service_tier,
      cacheKey: data.prompt_cache_key,
    }),
    extra: parseExtra(body, data),
    source: { dialect: "openai_responses", body, ...(!isOurs(body) && { text }) },
  };
}

/** A body of another API, sent to this route by a client that was set up wrong, is told so (CASES H7). */
function refuseOtherDialects(body: unknown): void {
  if (!isObject(body) || body.input !== undefined || !Array.isArray(body.messages)) return;
  throw new GatewayError(
    "invalid-request",
    "Cannot read the request as input is missing, and the body looks like one for /v1/chat/completions",
    { param: "input" },
  );
}

const STATE_FIELDS = ["previous_response_id", "conversation", "prompt", "background", "store"] as const;

/** What the gateway answers for itself, and takes out of the body before; `store` is true by default, if nobody says it. */
function refuseState(body: JsonObject): void {
  for (const field of STATE_FIELDS) {
    const value = body[field];
    if (value !== undefined && value !== null && value !== false) {
      throw notKept(value === true ? `${field} is true` : `${field} is set`, field);
    }
  }
}

/** Whether a body has what no upstream of this dialect understands, so that it is not relayed. */
export function isOurs(body: JsonObject): boolean {
  return hasForeignThought(body) || hasOwnCompaction(body);
}

/** Whether a body brings back what only another vendor can read. */
function hasForeignThought({ input }: JsonObject): boolean {
  return Array.isArray(input) &&
    input.some((item) =>
      isObject(item) && item.type === "reasoning" && typeof item.encrypted_content === "string" &&
      isForeign(item.encrypted_content)
    );
}

function parseReasoning(reasoning: RequestBody["reasoning"]): ReasoningRequest | undefined {
  const effort = reasoning?.effort;
  const summary = reasoning?.summary ?? reasoning?.generate_summary;
  const parsed = given({
    effort: effort && isEffort(effort) ? effort : undefined,
    summary,
    show: summary ? true : undefined,
  });
  return Object.keys(parsed).length === 0 ? undefined : parsed;
}

const knownFields = lazy((): ReadonlySet<string> => new Set([...Object.keys(requestSchema().shape), ...STATE_FIELDS]));

/** Fields without a place of their own, and what of the others has none. */
function parseExtra(body: JsonObject, data: RequestBody): JsonObject {
  const extra = Object.entries(body).filter((entry): entry is [string, Json] =>
    !knownFields().has(entry[0]) && entry[1] !== null && !isDefault(entry)
  );
  const include = data.include?.filter((word) => word !== INCLUDE_LOGPROBS && word !== INCLUDE_SIGNATURES) ?? [];
  const { effort, summary: _, generate_summary: __, ...others } = data.reasoning ?? {};
  const reasoning = given({ ...others, effort: effort && !isEffort(effort) ? effort : undefined }) as JsonObject;
  const choice = data.tool_choice;
  return {
    ...Object.fromEntries(extra),
    ...(include.length > 0 && { include }),
    ...(Object.keys(reasoning).length > 0 && { reasoning }),
    ...(choice && parseToolChoice(choice) === undefined && { tool_choice: body.tool_choice }),
  };
}

/** What says no more than its absence is no loss to an upstream of another dialect. */
function isDefault([field, value]: [string, Json | undefined]): boolean {
  return (field === "truncation" && value === "disabled") || field === "stream_options";
}
