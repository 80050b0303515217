/** Which upstreams take thoughts that nobody signed: other vendors that speak this dialect, and want theirs back. */

import type { Target } from "../dialect.ts";

/**
 * Claude takes back only what Anthropic signed. DeepSeek and Kimi sign nothing, or not always, and refuse a turn with calls
 * whose thought is missing: https://github.com/NousResearch/hermes-agent/pull/17510 (2026-04-29).
 */
export function takesUnsigned({ model, quirks }: Pick<Target, "model" | "quirks">): boolean {
  return quirks.replayReasoning ?? !/claude/i.test(model);
}
