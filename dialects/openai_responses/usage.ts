/** Token counts, both ways. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { tokenCount } from "../token_count.ts";

/** The counts of a `usage` object; `undefined` where it holds none. */
export function parseUsage(usage: Json | undefined): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const input = tokenCount(usage.input_tokens);
  const output = tokenCount(usage.output_tokens);
  if (input === undefined && output === undefined) return undefined;
  const inputDetails = isObject(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const outputDetails = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  return {
    input: input ?? 0,
    output: output ?? 0,
    ...given({
      cached: tokenCount(inputDetails.cached_tokens),
      cacheWrite: tokenCount(inputDetails.cache_write_tokens),
      reasoning: tokenCount(outputDetails.reasoning_tokens),
    }),
  };
}

/** Official clients take every member for granted, so what is not known is 0. */
export function formatUsage(usage: Usage): JsonObject {
  const { input, output, cached = 0, cacheWrite = 0, cacheWriteHour = 0, reasoning = 0 } = usage;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite + cacheWriteHour },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}
