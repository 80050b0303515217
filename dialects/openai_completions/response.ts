/** Whole answers, and what their chunks have in common with them. */

import type { JsonObject } from "../../chat/json.ts";
import type { Reply, ReplyChoice } from "../../chat/reply.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import type { FormatOptions } from "../dialect.ts";
import { FINISH_WORDS } from "./finish.ts";
import { formatLogprobs } from "./logprobs.ts";
import { echoOf } from "./parse_request.ts";

export function formatResponse(reply: Reply, request: ChatRequest, options: FormatOptions): JsonObject {
  const echo = echoOf(request);
  return {
    ...answerHead(options, reply.created),
    choices: reply.choices.map((choice, index) => ({
      text: echo + textOf(choice),
      index,
      logprobs: choice.logprobs?.content === undefined ? null : formatLogprobs(choice.logprobs.content, echo.length),
      finish_reason: FINISH_WORDS[choice.finish?.reason ?? "stop"],
    })),
    ...(reply.usage !== undefined && { usage: formatUsage(reply.usage) }),
  };
}

function textOf({ parts }: ReplyChoice): string {
  return parts.map((part) => part.type === "text" || part.type === "refusal" ? part.text : "").join("");
}

export function answerHead({ id, model, created }: FormatOptions, upstreamCreated: number | undefined): JsonObject {
  return { id: `cmpl-${id}`, object: "text_completion", created: upstreamCreated ?? created, model };
}

export function formatUsage({ input, output, cached, reasoning }: Usage): JsonObject {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
