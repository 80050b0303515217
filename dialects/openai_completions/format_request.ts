/** A neutral request as the body for an upstream: a prompt, in which a conversation is what was said, not by whom. */

import type { JsonObject } from "../../chat/json.ts";
import { type ChatRequest, type Loss, textOf } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { given } from "../given.ts";
import { type LossList, lossList } from "../losses.ts";

export function formatRequest(request: ChatRequest, { model, stream }: Target): { body: JsonObject; lost: Loss[] } {
  const lost = lossList();
  const body = {
    model,
    prompt: formatPrompt(request, lost),
    stream,
    stream_options: stream ? { include_usage: true } : undefined,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    n: request.n,
    stop: request.stop,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    seed: request.seed,
    logprobs: request.logprobs ? request.topLogprobs ?? 0 : undefined,
    logit_bias: request.logitBias,
    user: request.user,
    ...formatExtra(request, lost),
  };
  noteUnsaid(request, lost);
  return { body: given(body), lost: lost.all() };
}

function formatPrompt({ messages }: ChatRequest, lost: LossList): string {
  messages.forEach(({ parts }, at) => {
    if (parts.some((part) => part.type !== "text")) lost.add(`messages[${at}]`, "a prompt is text alone");
  });
  if (messages.length > 1) lost.add("messages", "the turns are joined to one prompt");
  return messages.map(({ parts }) => textOf(parts)).join("\n\n");
}

const UNSAID = ["tools", "reasoning", "output", "topK", "minP", "repetitionPenalty", "metadata"] as const;

function noteUnsaid(request: ChatRequest, lost: LossList): void {
  for (const field of UNSAID) if (request[field] !== undefined) lost.add(field, "Completions has no such field");
}

function formatExtra({ extra, source }: ChatRequest, lost: LossList): JsonObject {
  if (source.dialect === "openai_completions") return extra;
  for (const field of Object.keys(extra)) lost.add(field, "Completions has no such field");
  return {};
}
