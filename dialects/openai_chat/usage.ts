/** Token counts: `usage` of Chat Completions and what compatible vendors make of it, both ways. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import { isObject } from "../json.ts";
import { tokenCount } from "../token_count.ts";

/** The counts of a `usage` object; `undefined` where it holds none. */
export function parseUsage(usage: Json | undefined): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const prompt = tokenCount(usage.prompt_tokens ?? usage.input_tokens);
  const completion = tokenCount(usage.completion_tokens ?? usage.output_tokens);
  if (prompt === undefined && completion === undefined) return undefined;

  const output = completion ?? 0;
  const promptDetails = detailsOf(usage.prompt_tokens_details);
  // DeepSeek and Moonshot name the cached tokens at the top.
  const cached = tokenCount(promptDetails.cached_tokens) ?? tokenCount(usage.prompt_cache_hit_tokens) ??
    tokenCount(usage.cached_tokens);
  const cacheWrite = tokenCount(promptDetails.cache_write_tokens);
  // A gateway before us may count cached tokens apart (CASES U1): they are never more than the prompt they are part of.
  const apart = cached !== undefined && cached > (prompt ?? 0) ? cached : 0;
  const input = (prompt ?? 0) + apart;
  // xAI and Gemini's compatible endpoint count thoughts in the total only (CASES U5).
  const hidden = Math.max(0, (tokenCount(usage.total_tokens) ?? 0) - input - output);
  const thoughts = tokenCount(detailsOf(usage.completion_tokens_details).reasoning_tokens) ??
    (hidden > 0 ? hidden : undefined);
  return {
    input,
    output: output + hidden,
    ...(cached !== undefined && { cached }),
    ...(cacheWrite !== undefined && { cacheWrite }),
    ...(thoughts !== undefined && { reasoning: thoughts }),
  };
}

export function formatUsage({ input, output, cached, cacheWrite, cacheWriteHour, reasoning }: Usage): JsonObject {
  const isWritten = cacheWrite !== undefined || cacheWriteHour !== undefined;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...((cached !== undefined || isWritten) && {
      prompt_tokens_details: {
        ...(cached !== undefined && { cached_tokens: cached }),
        ...(isWritten && { cache_write_tokens: (cacheWrite ?? 0) + (cacheWriteHour ?? 0) }),
      },
    }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

function detailsOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
