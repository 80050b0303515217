/** A client's body as a neutral request. */

import { GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, OutputFormat, ReasoningRequest } from "../../chat/request.ts";
import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { lazy } from "../lazy.ts";
import { parseOutput } from "../openai_output.ts";
import { isEffort } from "../reasoning_effort.ts";
import { parseMessages } from "./messages.ts";
import { type RequestBody, requestSchema } from "./schema.ts";
import { parseToolChoice, parseTools } from "./tools.ts";

export function parseRequest(body: unknown, { text }: { text: string }): ChatRequest {
  refuseOtherDialects(body);
  const parsed = requestSchema().safeParse(body);
  // `isObject` says to the compiler what the schema has checked.
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], body);
  const { data } = parsed;
  const stream = data.stream ?? false;
  const messages = parseMessages(data.messages);
  const tools = parseTools(data);
  return {
    // None means the default, as it did in langfast2api.
    model: data.model ?? "",
    messages,
    stream,
    includeUsage: stream && data.stream_options?.include_usage === true,
    ...given({
      tools,
      toolChoice: parseToolChoice(data),
      parallelToolCalls: data.parallel_tool_calls,
      ...parseSampling(data),
      reasoning: parseReasoning(data),
      output: parseFormat(data.response_format),
      verbosity: data.verbosity,
      user: data.safety_identifier ?? data.user,
      metadata: data.metadata,
      serviceTier: data.service_tier,
      cacheKey: data.prompt_cache_key,
    }),
    extra: parseExtra(body, data),
    source: { dialect: "openai_chat", body, text, parsed: { messages, tools } },
  };
}

/** A body of another API, sent to this route by a client that was set up wrong, is told so (CASES H7). */
function refuseOtherDialects(body: unknown): void {
  if (!isObject(body) || body.messages !== undefined) return;
  const route = body.input !== undefined
    ? "/v1/responses"
    : body.contents !== undefined
    ? "the Gemini routes"
    : undefined;
  if (route === undefined) return;
  throw new GatewayError(
    "invalid-request",
    `Cannot read the request as messages is missing, and the body looks like one for ${route}`,
    { param: "messages" },
  );
}

function parseSampling(data: RequestBody) {
  return {
    maxTokens: data.max_completion_tokens ?? data.max_tokens,
    temperature: data.temperature,
    topP: data.top_p,
    topK: data.top_k,
    minP: data.min_p,
    presencePenalty: data.presence_penalty,
    frequencyPenalty: data.frequency_penalty,
    repetitionPenalty: data.repetition_penalty,
    seed: data.seed,
    stop: typeof data.stop === "string" ? [data.stop] : data.stop,
    n: data.n,
    logprobs: data.logprobs,
    topLogprobs: data.top_logprobs,
    logitBias: data.logit_bias,
  };
}

/** OpenAI's `reasoning_effort`, and OpenRouter's `reasoning` with a budget beside the effort. */
function parseReasoning({ reasoning_effort, reasoning }: RequestBody): ReasoningRequest | undefined {
  const word = reasoning_effort ?? reasoning?.effort ?? (reasoning?.enabled === false ? "none" : undefined);
  // Switched on and no more said, how much is left to the model.
  const isOn = reasoning?.enabled === true && !word;
  const budget = reasoning?.max_tokens ?? (isOn ? -1 : undefined);
  const parsed = given({
    effort: word && isEffort(word) ? word : undefined,
    budget,
    show: reasoning?.exclude === true ? false : undefined,
  });
  return Object.keys(parsed).length === 0 ? undefined : parsed;
}

function parseFormat(format: RequestBody["response_format"]): OutputFormat | undefined {
  if (!format) return undefined;
  return parseOutput(format.type === "json_schema" ? { type: format.type, ...format.json_schema } : format);
}

const knownFields = lazy((): ReadonlySet<string> => new Set(Object.keys(requestSchema().shape)));

/** Fields without a place of their own, and efforts that only their vendor knows. */
function parseExtra(body: JsonObject, { reasoning_effort: effort }: RequestBody): JsonObject {
  const extra = Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, Json] => !knownFields().has(entry[0])),
  );
  return effort && !isEffort(effort) ? { ...extra, reasoning_effort: effort } : extra;
}
