/** Token counts, both ways. Here the cached tokens stand beside `input_tokens`, in the neutral sense they are part of it. */

import type { JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import { isObject } from "../json.ts";
import { tokenCount } from "../token_count.ts";

/** The counts of a `usage` object (CASES U1, U3); `undefined` where it has none. */
export function parseUsage(usage: JsonObject): Usage | undefined {
  const fresh = tokenCount(usage.input_tokens);
  const output = tokenCount(usage.output_tokens);
  if (fresh === undefined && output === undefined) return undefined;

  const tiers = isObject(usage.cache_creation) ? usage.cache_creation : {};
  const cached = tokenCount(usage.cache_read_input_tokens);
  const written = tokenCount(usage.cache_creation_input_tokens);
  const hour = tokenCount(tiers.ephemeral_1h_input_tokens);
  const details = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const reasoning = tokenCount(details.thinking_tokens);
  return {
    input: (fresh ?? 0) + (cached ?? 0) + (written ?? 0),
    output: output ?? 0,
    ...(cached !== undefined && { cached }),
    ...(written !== undefined && { cacheWrite: Math.max(0, written - (hour ?? 0)) }),
    ...(hour !== undefined && hour > 0 && { cacheWriteHour: hour }),
    ...(reasoning !== undefined && { reasoning }),
  };
}

/** CASES U2, A5: both totals are always numbers, and `input_tokens` is never below 0. */
export function formatUsage({ input, output, cached, cacheWrite, cacheWriteHour, reasoning }: Usage): JsonObject {
  const written = (cacheWrite ?? 0) + (cacheWriteHour ?? 0);
  return {
    input_tokens: Math.max(0, input - (cached ?? 0) - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: cached ?? 0,
    ...(cacheWriteHour !== undefined && {
      cache_creation: { ephemeral_5m_input_tokens: cacheWrite ?? 0, ephemeral_1h_input_tokens: cacheWriteHour },
    }),
    output_tokens: output,
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}
