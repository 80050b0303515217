/** Finish reasons: the words of Chat Completions, those that compatible vendors add, and ours. */

import type { Finish, FinishReason } from "../../chat/finish.ts";

export type FinishWord = "stop" | "length" | "tool_calls" | "content_filter" | "function_call";

/** What a client is told (CASES O11): only words of the official vocabulary. */
export const FINISH_WORDS = {
  "stop": "stop",
  "stop-sequence": "stop",
  "length": "length",
  "context-window": "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  "refusal": "content_filter",
  "pause": "stop",
  "malformed": "stop",
  "other": "stop",
} as const satisfies Record<FinishReason, FinishWord>;

/** The official words; only these may be relayed as they are. */
export const OFFICIAL_WORDS = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
  function_call: "tool-calls",
} as const satisfies Record<FinishWord, FinishReason>;

/** Words seen from compatible vendors, lower-cased. */
const VENDOR_WORDS: ReadonlyMap<string, FinishReason> = new Map([
  ...Object.entries(OFFICIAL_WORDS),
  ["eos", "stop"],
  ["eos_token", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop-sequence"],
  ["max_tokens", "length"],
  ["model_length", "context-window"],
  ["model_context_window_exceeded", "context-window"],
  ["tool_use", "tool-calls"],
  ["tool_call", "tool-calls"],
  ["safety", "content-filter"],
  ["recitation", "content-filter"],
  ["prohibited_content", "content-filter"],
  ["sensitive", "content-filter"],
  ["refusal", "refusal"],
  ["malformed_function_call", "malformed"],
  /** Gemini's, by OpenRouter's `native_finish_reason`: https://github.com/vellum-ai/vellum-assistant/pull/43134 (2026-09-21) */
  ["unexpected_tool_call", "malformed"],
]);

/** Words by which a vendor says that it failed; the answer they end is no answer. */
const FAILURE_WORDS: ReadonlyMap<string, "upstream-failure" | "overloaded"> = new Map([
  ["error", "upstream-failure"],
  /** https://docs.bigmodel.cn: a failure of the model's inference. */
  ["network_error", "upstream-failure"],
  /** https://api-docs.deepseek.com: interrupted for want of resources. */
  ["insufficient_system_resource", "overloaded"],
]);

/** The reason for a vendor's word, which some relays send in upper case (`STOP`). */
export function parseFinish(word: string): Finish {
  return { reason: VENDOR_WORDS.get(word.toLowerCase()) ?? "other", raw: word };
}

export function finishFailure(word: string): "upstream-failure" | "overloaded" | undefined {
  return FAILURE_WORDS.get(word.toLowerCase());
}

/** What an answer said, as far as its last word depends on it. */
export interface Spoken {
  hasCalls: boolean;
  /** The refusal stands in a member of its own, so that the end is an ordinary one (DIALECTS.md §5). */
  hasRefusal: boolean;
  legacy: boolean;
}

/**
 * The word for a reason. An answer that calls tools says so, whatever its upstream called its end (CASES A6, G1), and one
 * that calls none does not: its client would look for calls to carry out. A call that a refusal cut short is not whole.
 */
export function formatFinish(reason: FinishReason, { hasCalls, hasRefusal, legacy }: Spoken): FinishWord {
  const word: FinishWord = reason === "refusal" && hasRefusal && !hasCalls ? "stop" : FINISH_WORDS[reason];
  if (word !== "stop" && word !== "tool_calls") return word;
  if (!hasCalls) return "stop";
  return legacy ? "function_call" : "tool_calls";
}
