/** Token counts: `usageMetadata`, both ways. Its counts are cumulative: the last one is the truth (CASES U4). */

import type { JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import type { UsageMetadata } from "./schema.ts";

/** Thoughts are counted beside the answer there, and within it here (CASES U5); counts of zero are left out there. */
export function parseUsage(metadata: UsageMetadata): Usage {
  const { cachedContentTokenCount: cached, thoughtsTokenCount: thoughts } = metadata;
  return {
    input: (metadata.promptTokenCount ?? 0) + (metadata.toolUsePromptTokenCount ?? 0),
    output: (metadata.candidatesTokenCount ?? 0) + (thoughts ?? 0),
    ...(typeof cached === "number" && { cached }),
    ...(typeof thoughts === "number" && { reasoning: thoughts }),
  };
}

export function formatUsage({ input, output, cached, reasoning }: Usage): JsonObject {
  return {
    promptTokenCount: input,
    candidatesTokenCount: Math.max(0, output - (reasoning ?? 0)),
    ...(cached !== undefined && { cachedContentTokenCount: cached }),
    ...(reasoning !== undefined && { thoughtsTokenCount: reasoning }),
    totalTokenCount: input + output,
  };
}
