/** What is known of one upstream model: limits and abilities that a request is fitted to. All optional: unknown is not 0. */

import type { Role } from "./request.ts";

export interface ModelFacts {
  contextWindow?: number;
  maxOutput?: number;
  /** Roles the model accepts; a `system` message becomes `developer` (or the other way, or `user`) where it is missing. */
  roles?: readonly Role[];
  /** Response formats it accepts. */
  outputs?: readonly ("text" | "json" | "schema")[];
  /** Request parameters it refuses, in the names of `ChatRequest`: dropped and named as lost. */
  refuses?: readonly Parameter[];
  /** Whether it thinks, and how that is asked for: effort words, a token budget, adaptively, or not at all. */
  thinking?: "effort" | "budget" | "adaptive" | "none";
}

/** The request parameters that a model may refuse. */
export const PARAMETERS = [
  "temperature",
  "topP",
  "topK",
  "minP",
  "presencePenalty",
  "frequencyPenalty",
  "repetitionPenalty",
  "seed",
  "stop",
  "n",
  "logprobs",
  "topLogprobs",
  "logitBias",
  "reasoning",
  "verbosity",
  "tools",
  "parallelToolCalls",
] as const;

export type Parameter = (typeof PARAMETERS)[number];
