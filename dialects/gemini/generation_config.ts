/** Sampling, limits and their like: `generationConfig`, both ways. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { LossList } from "../losses.ts";
import { parseOutput } from "./output.ts";
import { configFields, type GenerationConfig } from "./schema.ts";
import { parseThinking } from "./thinking.ts";

/** The API takes no more stop strings than these (CASES R5). */
const STOP_LIMIT = 5;
const TEMPERATURE_LIMIT = 2;

export function parseConfig(config: GenerationConfig) {
  return {
    maxTokens: config.maxOutputTokens,
    temperature: config.temperature,
    topP: config.topP,
    topK: config.topK,
    presencePenalty: config.presencePenalty,
    frequencyPenalty: config.frequencyPenalty,
    seed: config.seed,
    stop: config.stopSequences,
    n: config.candidateCount,
    logprobs: config.responseLogprobs,
    topLogprobs: config.logprobs,
    reasoning: parseThinking(config.thinkingConfig),
    output: parseOutput(config),
  };
}

/** Fields that have no place in the neutral request: modalities, speech, and forms of the answer only this API has. */
export function otherConfig(config: GenerationConfig): JsonObject {
  const isOutputKept = parseOutput(config) !== undefined;
  const others = Object.entries(config).filter(([name]) =>
    !configFields().has(name) || (!isOutputKept && name.startsWith("response") && name !== "responseLogprobs")
  );
  return Object.fromEntries(others.filter((entry): entry is [string, Json] => entry[1] !== null));
}

export function formatConfig(request: ChatRequest, lost: LossList): JsonObject {
  return {
    maxOutputTokens: request.maxTokens,
    temperature: formatTemperature(request.temperature, lost),
    topP: request.topP,
    topK: request.topK,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    seed: request.seed,
    stopSequences: formatStop(request.stop, lost),
    candidateCount: request.n,
    responseLogprobs: request.logprobs,
    // Refused without the switch.
    logprobs: request.logprobs ? request.topLogprobs : undefined,
  };
}

function formatTemperature(temperature: number | undefined, lost: LossList): number | undefined {
  if (temperature === undefined || temperature <= TEMPERATURE_LIMIT) return temperature;
  lost.add("temperature", `clamped to ${TEMPERATURE_LIMIT}`);
  return TEMPERATURE_LIMIT;
}

function formatStop(stop: readonly string[] | undefined, lost: LossList): string[] | undefined {
  const strings = (stop ?? []).filter((text) => text !== "");
  if (strings.length > STOP_LIMIT) lost.add(`stop[${STOP_LIMIT}]`, `no more than ${STOP_LIMIT} stop strings are taken`);
  return strings.length === 0 ? undefined : strings.slice(0, STOP_LIMIT);
}
