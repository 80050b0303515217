/** Probabilities of tokens: `logprobsResult`, and the neutral entries, which are OpenAI's. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

export function parseLogprobs(result: JsonObject): Json[] {
  const tops = listOf(result.topCandidates).map((top) => listOf(top.candidates).map(parseToken));
  return listOf(result.chosenCandidates).map((chosen, at) => ({ ...parseToken(chosen), top_logprobs: tops[at] ?? [] }));
}

export function formatLogprobs(entries: readonly Json[]): JsonObject {
  const tokens = entries.filter(isObject);
  return {
    chosenCandidates: tokens.map(formatToken),
    topCandidates: tokens.map((entry) => ({ candidates: listOf(entry.top_logprobs).map(formatToken) })),
  };
}

function parseToken({ token, logProbability }: JsonObject): JsonObject {
  return { token: token ?? "", logprob: logProbability ?? 0, bytes: null };
}

function formatToken({ token, logprob }: JsonObject): JsonObject {
  return { token, logProbability: logprob };
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
