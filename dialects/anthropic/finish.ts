/** Stop reasons: the words of Messages, and ours, by a total table each way. */

import type { Finish, FinishReason } from "../../chat/finish.ts";
import type { JsonObject } from "../../chat/json.ts";

export type StopReason =
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "pause_turn"
  | "refusal"
  | "model_context_window_exceeded";

export const STOP_REASONS = {
  "stop": "end_turn",
  "stop-sequence": "stop_sequence",
  "length": "max_tokens",
  "context-window": "model_context_window_exceeded",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  "refusal": "refusal",
  "pause": "pause_turn",
  "malformed": "end_turn",
  "other": "end_turn",
} as const satisfies Record<FinishReason, StopReason>;

export const FINISH_REASONS = {
  end_turn: "stop",
  stop_sequence: "stop-sequence",
  max_tokens: "length",
  tool_use: "tool-calls",
  pause_turn: "pause",
  refusal: "refusal",
  model_context_window_exceeded: "context-window",
} as const satisfies Record<StopReason, FinishReason>;

/** Why an upstream stopped; words that are not in the table are kept beside `other`. */
export function parseFinish(word: string, sequence: string | null | undefined): Finish {
  return {
    reason: isStopReason(word) ? FINISH_REASONS[word] : "other",
    raw: word,
    ...(sequence && { stopSequence: sequence }),
  };
}

function isStopReason(word: string): word is StopReason {
  return Object.hasOwn(FINISH_REASONS, word);
}

/** How a message ends. One that calls tools says so, whatever its upstream called it, and no other does (CASES A6). */
export function formatFinish(finish: Finish | undefined, { hasCalls }: { hasCalls: boolean }): JsonObject {
  const stop_reason = stopReason(finish?.reason ?? "stop", hasCalls);
  return {
    stop_reason,
    stop_sequence: stop_reason === "stop_sequence" ? finish?.stopSequence ?? null : null,
    ...(stop_reason === "refusal" && { stop_details: { type: "refusal", category: null, explanation: null } }),
  };
}

function stopReason(reason: FinishReason, hasCalls: boolean): StopReason {
  const word = STOP_REASONS[reason];
  if (hasCalls) return word === "end_turn" ? "tool_use" : word;
  return word === "tool_use" ? "end_turn" : word;
}
