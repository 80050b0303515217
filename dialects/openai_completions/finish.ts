/** Why an answer ended, in the three words of Completions, both ways. */

import type { FinishReason } from "../../chat/finish.ts";

export type FinishWord = "stop" | "length" | "content_filter";

export const FINISH_WORDS = {
  "stop": "stop",
  "stop-sequence": "stop",
  "length": "length",
  "context-window": "length",
  "tool-calls": "stop",
  "content-filter": "content_filter",
  "refusal": "content_filter",
  "pause": "stop",
  "malformed": "stop",
  "other": "stop",
} as const satisfies Record<FinishReason, FinishWord>;

const REASONS: ReadonlyMap<string, FinishReason> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["content_filter", "content-filter"],
]);

export function parseFinish(word: string): { reason: FinishReason; raw: string } {
  return { reason: REASONS.get(word) ?? "other", raw: word };
}
