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

/** A mapped reason next to the upstream's own word, so that a mapping never destroys information. */
export interface Finish {
  reason: FinishReason;
  raw?: string;
  /** The stop string that was hit, where the upstream names it. */
  stopSequence?: string;
  /** What its upstream wants to be asked with to go on, where it stopped at a limit of a single request. */
  resume?: string;
}
