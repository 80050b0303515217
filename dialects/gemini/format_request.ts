/** A neutral request as the body for an upstream; its model and its verb are in the URL. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { loseCacheMarks } from "../cache_marks.ts";
import type { Target } from "../dialect.ts";
import { isObject } from "../json.ts";
import { type LossList, lossList } from "../losses.ts";
import type { Written } from "../own_words.ts";
import { formatContents } from "./format_contents.ts";
import { formatConfig } from "./generation_config.ts";
import { formatOutput } from "./output.ts";
import { inOwnWords } from "./own_words.ts";
import { formatServiceTier } from "./service_tier.ts";
import { formatThinking } from "./thinking.ts";
import { formatTools } from "./tools.ts";

/** Fields that the API has nothing for (CASES G14, R11). */
const UNKNOWN_FIELDS = [
  ...["minP", "repetitionPenalty", "logitBias", "verbosity", "user", "metadata", "cacheKey"],
] as const satisfies (keyof ChatRequest)[];

export function formatRequest(request: ChatRequest, target: Target): Written {
  const written = translate(request, target);
  return request.source.dialect === "gemini" ? inOwnWords(request, written) : written;
}

function translate(request: ChatRequest, target: Target): Written {
  const lost = lossList();
  const { model } = target;
  const isOwn = request.source.dialect === "gemini";
  const output = formatOutput(request, target, lost);
  const config = {
    ...formatConfig(request, lost),
    ...output.config,
    thinkingConfig: formatThinking(request, target, lost),
  };
  const body = {
    ...formatContents(request.messages, { lost, isOwn, model, instruction: output.instruction }),
    ...formatTools(request.tools ?? [], request.toolChoice, { lost, isOwn, model }),
    generationConfig: withoutAbsent(config),
    serviceTier: tierOf(request, lost),
    continuationToken: target.resume,
  };
  noteLosses(request, lost);
  return { body: withoutAbsent(isOwn ? withExtra(body, request.extra) : body), lost: lost.all() };
}

function tierOf({ serviceTier }: ChatRequest, lost: LossList): string | undefined {
  const tier = serviceTier === undefined ? undefined : formatServiceTier(serviceTier);
  if (serviceTier !== undefined && tier === undefined) lost.add("serviceTier", "the API has no such tier");
  return tier;
}

function noteLosses(request: ChatRequest, lost: LossList): void {
  for (const field of UNKNOWN_FIELDS) if (request[field] !== undefined) lost.add(field, "the API has no such field");
  if (request.parallelToolCalls === false) lost.add("parallelToolCalls", "the API may call several at once");
  loseCacheMarks(request, lost);
  if (request.source.dialect === "gemini") return;
  for (const field of Object.keys(request.extra)) lost.add(field, "the API has no such field");
}

/** The client's own fields, those within the two objects that have known ones too. */
function withExtra(body: Record<string, Json | undefined>, extra: JsonObject): JsonObject {
  const { generationConfig, toolConfig, ...others } = extra;
  return {
    ...others,
    ...body,
    generationConfig: merge(generationConfig, body.generationConfig),
    toolConfig: merge(toolConfig, body.toolConfig),
  };
}

function merge(first: Json | undefined, second: Json | undefined): JsonObject | undefined {
  if (!isObject(first)) return isObject(second) ? second : undefined;
  return { ...first, ...(isObject(second) && second) };
}

/** The object without members that are absent, or empty objects. */
function withoutAbsent(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) =>
      value !== undefined && !(isObject(value) && Object.keys(value).length === 0)
    ),
  );
}
