/** Token counts, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import type { Answer } from "./schema.ts";

/**
 * The counts of a last line. None where the prompt's is missing: old servers leave it out when the prompt was cached
 * (ollama/ollama#2068), and that is not 0. No output at all is left out as well, and is.
 */
export function parseUsage(answer: Answer): Usage | undefined {
  const { prompt_eval_count: input, eval_count: output, prompt_eval_cached_count: cached } = answer;
  if (typeof input !== "number") return undefined;
  return { input, output: output ?? 0, ...(typeof cached === "number" && { cached }) };
}

/** The durations that stand beside the counts are left out: a made-up one makes a made-up speed. */
export function formatUsage({ input, output, cached }: Usage): JsonObject {
  return {
    prompt_eval_count: input,
    ...(cached !== undefined && { prompt_eval_cached_count: cached }),
    eval_count: output,
  };
}
