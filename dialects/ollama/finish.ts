/** Why an answer ended, in the two words that Ollama has for it, both ways. */

import type { Finish, FinishReason } from "../../chat/finish.ts";

export const DONE_REASONS = {
  "stop": "stop",
  "stop-sequence": "stop",
  "length": "length",
  "context-window": "length",
  "tool-calls": "stop",
  "content-filter": "stop",
  "refusal": "stop",
  "pause": "stop",
  "malformed": "stop",
  "other": "stop",
} as const satisfies Record<FinishReason, "stop" | "length">;

/** `load` and `unload` answer a request without a prompt. The last two are the words of servers that imitate Ollama. */
const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["load", "other"],
  ["unload", "other"],
  ["tool_calls", "tool-calls"],
  ["content_filter", "content-filter"],
]);

/** The meaning of `done_reason`, which servers before 0.1.34 leave out. Calls end with "stop" too (CASES L2). */
export function parseFinish(word: string | null | undefined, { hasCalls }: { hasCalls: boolean }): Finish {
  if (!word) return { reason: hasCalls ? "tool-calls" : "stop" };
  const reason = REASONS.get(word.toLowerCase()) ?? "other";
  return { reason: hasCalls && reason === "stop" ? "tool-calls" : reason, raw: word };
}
