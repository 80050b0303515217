/** A neutral request as the body for an upstream, and the client's own body made fit for one. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, ReasoningRequest } from "../../chat/request.ts";
import { cacheKeyOf } from "../cache_key.ts";
import { loseCacheMarks } from "../cache_marks.ts";
import type { Target } from "../dialect.ts";
import { given } from "../given.ts";
import { type LossList, lossList } from "../losses.ts";
import { sharedFields } from "../openai_fields.ts";
import { formatOutput } from "../openai_output.ts";
import type { Written } from "../own_words.ts";
import { patchJson } from "../patch_json.ts";
import { effortOf } from "../reasoning_effort.ts";
import { fitUser } from "../user_id.ts";
import { formatInput } from "./format_input.ts";
import { inOwnWords } from "./own_words.ts";
import { INCLUDE_LOGPROBS, INCLUDE_SIGNATURES } from "./parse_request.ts";
import { formatToolFields } from "./tools.ts";

/** The official endpoint refuses less, and clients that test a connection ask for 1. */
const LEAST_TOKENS = 16;

/** Parameters that this API does not have (DIALECTS.md §7). */
const UNKNOWN_PARAMETERS = [
  "topK",
  "minP",
  "presencePenalty",
  "frequencyPenalty",
  "repetitionPenalty",
  "seed",
  "stop",
  "logitBias",
] as const satisfies (keyof ChatRequest)[];

export function formatRequest(request: ChatRequest, target: Target): Written {
  const written = translate(request, target);
  return request.source.dialect === "openai_responses" ? inOwnWords(request, written) : written;
}

function translate(request: ChatRequest, target: Target): Written {
  const lost = lossList();
  const isOwn = request.source.dialect === "openai_responses";
  const replayReasoning = target.quirks.replayReasoning ?? false;
  const body: JsonObject = {
    model: target.model,
    ...formatInput(request.messages, { lost, isOwn, replayReasoning }),
    stream: target.stream,
    // True by default at the official endpoint: what passes through a gateway is not for the vendor to keep.
    store: false,
    ...formatToolFields(request, { lost, isOwn }),
    ...formatSampling(request, lost),
    reasoning: request.reasoning && formatReasoning(request.reasoning),
    text: formatText(request),
    include: formatInclude(request, isOwn),
    user: isOwn ? request.user : fitUser(request.user),
    metadata: request.metadata,
    service_tier: request.serviceTier,
    prompt_cache_key: cacheKeyOf(request, { quirks: target.quirks, isOwn }),
    ...sharedFields(request, lost, "the Responses API has no such field"),
  };
  loseCacheMarks(request, lost);
  return { body: given(body), lost: lost.all() };
}

function formatSampling(request: ChatRequest, lost: LossList): JsonObject {
  const { maxTokens, n } = request;
  for (const name of UNKNOWN_PARAMETERS) {
    if (request[name] !== undefined) lost.add(name, "the Responses API has no such parameter");
  }
  if (n !== undefined && n > 1) lost.add("n", "the Responses API gives one answer");
  if (maxTokens !== undefined && maxTokens < LEAST_TOKENS) {
    lost.add("maxTokens", `raised to ${LEAST_TOKENS}, the least the Responses API takes`);
  }
  return {
    max_output_tokens: maxTokens === undefined ? undefined : Math.max(maxTokens, LEAST_TOKENS),
    temperature: request.temperature,
    top_p: request.topP,
    top_logprobs: request.topLogprobs,
  };
}

function formatReasoning(reasoning: ReasoningRequest): JsonObject | undefined {
  const summary = reasoning.summary ?? (reasoning.show ? "auto" : undefined);
  const members = given({ effort: effortOf(reasoning), summary });
  return Object.keys(members).length === 0 ? undefined : members;
}

function formatText({ output, verbosity }: ChatRequest): JsonObject | undefined {
  const members = given({ format: output && formatOutput(output, (members) => members), verbosity });
  return Object.keys(members).length === 0 ? undefined : members;
}

/** Signatures are asked for where thinking is: models that do not think refuse to be asked. */
function formatInclude({ logprobs, reasoning, source }: ChatRequest, isOwn: boolean): Json[] | undefined {
  const thinks = reasoning !== undefined && effortOf(reasoning) !== "none";
  const asked = isOwn && Array.isArray(source.body.include) ? source.body.include : [];
  const include = [
    ...asked.filter((word) => word !== INCLUDE_LOGPROBS && word !== INCLUDE_SIGNATURES),
    ...(logprobs ? [INCLUDE_LOGPROBS] : []),
    ...(thinks ? [INCLUDE_SIGNATURES] : []),
  ];
  return include.length === 0 ? undefined : include;
}

/** The client's own JSON: `store` stays as the client has it, as items may refer to what the upstream kept. */
export function relayRequest(text: string, request: ChatRequest, target: Target): string {
  const { body } = request.source;
  const patches: Record<string, Json> = {};
  if (body.model !== target.model) patches.model = target.model;
  if ((body.stream ?? false) !== target.stream) patches.stream = target.stream;
  return Object.keys(patches).length === 0 ? text : patchJson(text, patches);
}
