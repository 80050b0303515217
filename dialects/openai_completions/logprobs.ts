/** Log probabilities as Completions tells them: lists side by side, where Chat Completions has a list of objects. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** `offset`: where in the choice's text the first token begins. */
export function formatLogprobs(content: readonly Json[], offset: number): JsonObject {
  const entries = content.filter(isObject);
  let at = offset;
  return {
    tokens: entries.map(tokenOf),
    token_logprobs: entries.map((entry) => entry.logprob ?? null),
    top_logprobs: entries.map(formatAlternatives),
    text_offset: entries.map((entry) => {
      const start = at;
      at += tokenOf(entry).length;
      return start;
    }),
  };
}

/** How much text the tokens are. */
export function lengthOf(content: readonly Json[]): number {
  return content.filter(isObject).reduce((sum, entry) => sum + tokenOf(entry).length, 0);
}

function tokenOf({ token }: JsonObject): string {
  return typeof token === "string" ? token : "";
}

function formatAlternatives({ top_logprobs: list }: JsonObject): JsonObject | null {
  if (!Array.isArray(list)) return null;
  return Object.fromEntries(list.filter(isObject).map((entry) => [tokenOf(entry), entry.logprob ?? null]));
}
