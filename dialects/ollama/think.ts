/** `think`, a switch or a level, as a wish for reasoning, both ways. */

import type { ModelFacts } from "../../chat/model.ts";
import type { Effort, ReasoningRequest } from "../../chat/request.ts";
import type { LossList } from "../losses.ts";
import { effortOf } from "../reasoning_effort.ts";

export function parseThink(think: boolean | Effort | null | undefined): ReasoningRequest | undefined {
  if (think === undefined || think === null) return undefined;
  if (typeof think === "string") return { effort: think, show: true };
  return think ? { budget: -1, show: true } : { effort: "none" };
}

/** The server's levels (`ThinkValue.IsValid` in its api/types.go). */
const LEVELS = {
  none: false,
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
  max: "max",
} as const satisfies Record<Effort, false | "low" | "medium" | "high" | "max">;

type Think = boolean | (typeof LEVELS)[Effort];

/**
 * What an upstream is asked for. A model that does not think answers 400 to being asked to (CASES L3), and servers before
 * 2026 do to a level for a model that knows none.
 */
export function formatThink(
  reasoning: ReasoningRequest | undefined,
  { facts, lost }: { facts: ModelFacts; lost: LossList },
): Think | undefined {
  const think = reasoning && wishOf(reasoning);
  if (think === undefined) return undefined;
  if (facts.thinking === "none") return think === false ? undefined : lost.add("reasoning", "the model does not think");
  if (typeof think === "boolean" || facts.thinking === "effort" || facts.thinking === undefined) return think;
  lost.add("reasoning", "the model's thinking is switched on or off, and has no levels");
  return true;
}

function wishOf(reasoning: ReasoningRequest): Think | undefined {
  const effort = effortOf(reasoning);
  if (effort !== undefined) return LEVELS[effort];
  return reasoning.budget === undefined ? undefined : true;
}
