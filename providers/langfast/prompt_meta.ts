/** A request as LangFast's `prompt_meta`, and what that has no place for. */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, Effort, Loss, OutputFormat } from "../../chat/request.ts";
import { type LossList, lossList } from "../../dialects/losses.ts";
import { effortOf } from "../../dialects/reasoning_effort.ts";
import { tellOpaque } from "../../chat/tell_opaque.ts";
import { formatMessages } from "./messages.ts";

/** The efforts its models know (October 2025); the others as the nearest of them. */
const EFFORT = {
  none: "low",
  minimal: "minimal",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "high",
  max: "high",
} as const satisfies Record<Effort, string>;

/** Its field holds the bare word. Where a schema would go is not known, so that one is asked for as JSON. */
const RESPONSE_FORMAT = {
  text: "text",
  json: "json_object",
  schema: "json_object",
} as const satisfies Record<OutputFormat["type"], string>;

/** Whether a field has a place there. What shapes only the gateway's own work, or goes with another field, is not lost. */
const IS_CARRIED = {
  model: true,
  messages: true,
  stream: true,
  includeUsage: true,
  tools: false,
  toolChoice: true,
  parallelToolCalls: true,
  maxTokens: true,
  temperature: true,
  topP: true,
  topK: false,
  minP: false,
  presencePenalty: true,
  frequencyPenalty: true,
  repetitionPenalty: false,
  seed: false,
  stop: false,
  n: true,
  logprobs: false,
  topLogprobs: false,
  logitBias: false,
  reasoning: true,
  output: true,
  verbosity: true,
  user: false,
  metadata: false,
  serviceTier: false,
  cacheKey: false,
  extra: true,
  source: true,
} as const satisfies Record<keyof ChatRequest, boolean>;

export function formatPromptMeta(request: ChatRequest): { meta: JsonObject; lost: Loss[] } {
  const lost = lossList();
  const effort = request.reasoning && effortOf(request.reasoning);
  const meta: JsonObject = {
    model: request.model,
    messages: formatMessages(tellOpaque(request, undefined).messages, lost),
    stream: true,
    response_format: RESPONSE_FORMAT[request.output?.type ?? "text"],
    max_completion_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    reasoning_effort: effort && EFFORT[effort],
    summary: request.reasoning?.summary,
    verbosity: request.verbosity,
  };
  noteUncarried(request, lost);
  return { meta, lost: lost.all() };
}

function noteUncarried(request: ChatRequest, lost: LossList): void {
  for (const [field, isCarried] of Object.entries(IS_CARRIED)) {
    if (!isCarried && Reflect.get(request, field) !== undefined) lost.add(field, "LangFast has no such field");
  }
  if (request.n !== undefined && request.n > 1) lost.add("n", "LangFast gives one answer");
  if (request.output?.type === "schema") lost.add("output", "LangFast takes no schema and is asked for JSON");
  for (const field of Object.keys(request.extra)) lost.add(field, "LangFast has no such field");
}
