/** A neutral request as the body for an upstream. */

import { withReminders } from "../../chat/instructions.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, Loss, Message } from "../../chat/request.ts";
import { cacheKeyOf } from "../cache_key.ts";
import { loseCacheMarks, wantsMarks, withMarks } from "../cache_marks.ts";
import { withFunctions } from "../custom_tools.ts";
import type { Target } from "../dialect.ts";
import { fitTools } from "../fit_tools.ts";
import { withoutAbsent } from "../given.ts";
import { isObject } from "../json.ts";
import { type LossList, lossList } from "../losses.ts";
import { sharedFields } from "../openai_fields.ts";
import { formatOutput } from "../openai_output.ts";
import { formatSampling } from "../openai_sampling.ts";
import { effortOf } from "../reasoning_effort.ts";
import { fitUser } from "../user_id.ts";
import { knowsDevelopers } from "./developer_role.ts";
import { fitMessages } from "./fit_messages.ts";
import { formatMessages } from "./messages.ts";
import { formatToolFields } from "./tools.ts";
import { searchFields } from "./web_search.ts";

/** The official endpoint takes no more stop strings than these. */
const STOP_LIMIT = 4;

export function formatRequest(asked: ChatRequest, target: Target): { body: JsonObject; lost: Loss[] } {
  const lost = lossList();
  const { quirks } = target;
  const isOwn = asked.source.dialect === "openai_chat";
  const request = isOwn ? asked : fitted(asked, { target, lost });
  const marks = isOwn || wantsMarks(target);
  const body: JsonObject = {
    model: target.model,
    messages: formatMessages(request.messages, {
      lost,
      isOwn,
      marks,
      own: isOwn ? asTheyCame(request, target) : undefined,
      flatContent: quirks.flatContent ?? false,
      replayReasoning: quirks.replayReasoning ?? false,
      detailsFor: quirks.reasoningDetails ? target.model : undefined,
      developerRole: knowsDevelopers(target),
    }),
    stream: target.stream,
    stream_options: target.stream && !quirks.noStreamOptions ? formatStreamOptions(request, isOwn) : undefined,
    ...formatToolFields(request, { lost, isOwn, marks, quirks }),
    ...searchFields(request, quirks),
    ...formatParameters(request, { target, lost }),
    ...formatReasoning(request, isOwn),
    response_format: request.output && formatOutput(request.output, (members) => ({ json_schema: members })),
    verbosity: request.verbosity,
    ...formatUser(request, isOwn),
    metadata: formatMetadata(request, { lost, isOwn }),
    service_tier: request.serviceTier,
    prompt_cache_key: cacheKeyOf(request, { quirks: target.quirks, isOwn }),
    ...formatExtra(request, { lost, isOwn }),
  };
  if (!marks) loseCacheMarks(request, lost);
  return { body: withoutAbsent(body), lost: lost.all() };
}

/** It is of what the vendor stores, which nobody but a client of this dialect asks for: without that it is refused. */
function formatMetadata({ metadata }: ChatRequest, { lost, isOwn }: { lost: LossList; isOwn: boolean }) {
  if (isOwn || metadata === undefined) return metadata;
  return lost.add("metadata", "it is of answers that the vendor stores, and this one is not");
}

/** A request of another dialect's client with what this upstream takes of its tools, and wants of its cache. */
function fitted(asked: ChatRequest, { target, lost }: { target: Target; lost: LossList }): ChatRequest {
  // OpenAI's models take instructions wherever they stand.
  const request = withMarks(fitTools(knowsDevelopers(target) ? asked : withReminders(asked)), target);
  return target.quirks.customTools ? request : withFunctions(request, lost);
}

/** The messages that no stage has altered, as the client wrote them: it may say of a part what only its vendor knows. */
function asTheyCame({ source: { body, parsed } }: ChatRequest, target: Target): ReadonlyMap<Message, JsonObject> {
  const own = new Map<Message, JsonObject>();
  const written = fitMessages(body.messages, target) ?? body.messages;
  if (!Array.isArray(written)) return own;
  parsed?.messages.forEach((message, at) => {
    const came = written[at];
    // What is no text is named as lost to a vendor that takes text only.
    const isRefused = isObject(came) && target.quirks.flatContent && Array.isArray(came.content);
    if (isObject(came) && !isRefused) own.set(message, came);
  });
  return own;
}

/** We meter every stream; whatever else a client says of its own is for the upstream. */
function formatStreamOptions({ source }: ChatRequest, isOwn: boolean): JsonObject {
  const { stream_options: own } = source.body;
  return { ...(isOwn && isObject(own) && own), include_usage: true };
}

/** A budget, or that thoughts are hidden, has no place in the official field: a client's own object says it (OpenRouter). */
function formatReasoning({ reasoning, source }: ChatRequest, isOwn: boolean): JsonObject {
  if (reasoning === undefined) return {};
  const { reasoning: own, reasoning_effort } = source.body;
  return isOwn && isObject(own) ? { reasoning: own, reasoning_effort } : { reasoning_effort: effortOf(reasoning) };
}

/** The client's own two names for the user stay as they are. */
function formatUser({ user, source }: ChatRequest, isOwn: boolean): JsonObject {
  if (!isOwn) return { user: fitUser(user) };
  const { safety_identifier: identifier, user: name } = source.body;
  return identifier === user ? { safety_identifier: identifier, user: name } : { user };
}

function formatParameters(request: ChatRequest, { target, lost }: { target: Target; lost: LossList }): JsonObject {
  if (request.stop !== undefined && request.stop.length > STOP_LIMIT) {
    lost.add(`stop[${STOP_LIMIT}]`, `no more than ${STOP_LIMIT} stop strings are taken`);
  }
  return {
    [maxTokensField(target)]: request.maxTokens,
    ...formatSampling(request),
    // An empty list is refused.
    stop: request.stop?.length === 0 ? undefined : request.stop?.slice(0, STOP_LIMIT),
    n: request.n,
    logprobs: request.logprobs,
    top_logprobs: request.topLogprobs,
    logit_bias: request.logitBias,
  };
}

/** OpenAI's thinking models refuse the old name, many compatible vendors know no other (CASES R2). */
function maxTokensField({ model, quirks }: Target): string {
  if (quirks.maxTokensField !== undefined) return quirks.maxTokensField;
  return /(?:^|\/)(?:o\d|gpt-[5-9])/.test(model) ? "max_completion_tokens" : "max_tokens";
}

function formatExtra(request: ChatRequest, { lost, isOwn }: { lost: LossList; isOwn: boolean }): JsonObject {
  return isOwn ? request.extra : sharedFields(request, lost, "Chat Completions has no such field");
}
