/** Finish reasons: the words of the API and ours. */

import type { Finish, FinishReason } from "../../chat/finish.ts";

/** https://ai.google.dev/api/generate-content#FinishReason */
export const FINISH_REASONS = {
  "STOP": "stop",
  "MAX_TOKENS": "length",
  "SAFETY": "content-filter",
  "RECITATION": "content-filter",
  "LANGUAGE": "content-filter",
  "BLOCKLIST": "content-filter",
  "PROHIBITED_CONTENT": "content-filter",
  "SPII": "content-filter",
  "IMAGE_SAFETY": "content-filter",
  "IMAGE_PROHIBITED_CONTENT": "content-filter",
  "IMAGE_RECITATION": "content-filter",
  "IMAGE_OTHER": "content-filter",
  "NO_IMAGE": "other",
  "MALFORMED_FUNCTION_CALL": "malformed",
  "UNEXPECTED_TOOL_CALL": "malformed",
  "TOO_MANY_TOOL_CALLS": "malformed",
  "MALFORMED_RESPONSE": "malformed",
  "CONTINUATION": "length",
  "OTHER": "other",
} as const satisfies Record<string, FinishReason>;

export type FinishWord = keyof typeof FINISH_REASONS;

export const FINISH_WORDS = {
  "stop": "STOP",
  "stop-sequence": "STOP",
  "length": "MAX_TOKENS",
  "context-window": "MAX_TOKENS",
  "tool-calls": "STOP",
  "content-filter": "SAFETY",
  "refusal": "SAFETY",
  "pause": "CONTINUATION",
  "malformed": "MALFORMED_FUNCTION_CALL",
  "other": "OTHER",
} as const satisfies Record<FinishReason, FinishWord>;

/** A word that a relay sends although the answer goes on. */
const UNFINISHED = "FINISH_REASON_UNSPECIFIED";

/** The finish for a word; undefined where there is none yet. An answer that stops and calls tools stopped for them (G1). */
export function parseFinish(word: string | null | undefined, hasCalls: boolean): Finish | undefined {
  if (!word || word === UNFINISHED) return undefined;
  const reason = isFinishWord(word) ? FINISH_REASONS[word] : "other";
  return { reason: reason === "stop" && hasCalls ? "tool-calls" : reason, raw: word };
}

/** A prompt that was refused: there is no answer, and the word is why (CASES G2). */
export function parseBlock(blockReason: string): Finish {
  return { reason: "content-filter", raw: blockReason };
}

/** The upstream's own word where it is one of these and means the same; else the word for the reason. */
export function formatFinish({ reason, raw = "" }: Finish): FinishWord {
  return isFinishWord(raw) && FINISH_REASONS[raw] === reason ? raw : FINISH_WORDS[reason];
}

function isFinishWord(word: string): word is FinishWord {
  return Object.hasOwn(FINISH_REASONS, word);
}
