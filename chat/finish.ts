/** Why an answer ended: the closed vocabulary that every dialect maps to and from by a total table. */

export const FINISH_REASONS = [
  "stop",
  "stop-sequence",
  "length",
  "context-window",
  "tool-calls",
  "content-filter",
  "refusal",
  "pause",
  "malformed",
  "other",
] as const;

export type FinishReason = (typeof FINISH_REASONS)[number];

/** An answer that ended so may have broken off within a call, and half a call must not be made (CASES T12, T13). */
export const BREAKS_CALLS = {
  "stop": false,
  "stop-sequence": false,
  "length": true,
  "context-window": true,
  "tool-calls": false,
  "content-filter": true,
  "refusal": true,
  "pause": true,
  "malformed": true,
  "other": true,
} as const satisfies Record<FinishReason, boolean>;

/** Whether a call without arguments was to have some: it broke off before the first. A vendor's odd word says nothing of that. */
export function breaksBareCalls(reason: FinishReason): boolean {
  return reason !== "other" && BREAKS_CALLS[reason];
}

/** A mapped reason next to the upstream's own word, so that a mapping never destroys information. */
export interface Finish {
  reason: FinishReason;
  raw?: string;
  /** The stop string that was hit, where the upstream names it. */
  stopSequence?: string;
  /** What its upstream wants to be asked with to go on, where it stopped at a limit of a single request. */
  resume?: string;
}
