/** Thinking as an effort word and as a token budget, each made of the other where a dialect knows only one. */

import { type Effort, EFFORTS, type ReasoningRequest } from "../chat/request.ts";

/** Thinking tokens for an effort (DIALECTS.md §6.3). */
export const EFFORT_BUDGETS = {
  none: 0,
  minimal: 1024,
  low: 4096,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
} as const satisfies Record<Effort, number>;

/** The effort asked for; a budget becomes the least effort that grants it. Undefined where it is left to the model. */
export function effortOf({ effort, budget }: ReasoningRequest): Effort | undefined {
  if (effort !== undefined || budget === undefined || budget < 0) return effort;
  return EFFORTS.find((word) => EFFORT_BUDGETS[word] >= budget) ?? "max";
}

export function isEffort(word: string): word is Effort {
  return EFFORTS.some((effort) => effort === word);
}
