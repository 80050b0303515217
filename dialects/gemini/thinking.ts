/** How much to think: `thinkingConfig`, both ways (CASES K12). */

import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest, Effort, ReasoningRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { given } from "../given.ts";
import type { LossList } from "../losses.ts";
import { EFFORT_BUDGETS, effortOf } from "../reasoning_effort.ts";
import { FOURTH_GENERATION, generationOf, THIRD_GENERATION } from "./model_generation.ts";
import type { ThinkingConfig } from "./schema.ts";

type Level = "MINIMAL" | "LOW" | "MEDIUM" | "HIGH" | "XHIGH";

const EFFORTS = {
  "MINIMAL": "minimal",
  "LOW": "low",
  "MEDIUM": "medium",
  "HIGH": "high",
  "XHIGH": "xhigh",
} as const satisfies Record<Level, Effort>;

const LEVELS = {
  "none": "MINIMAL",
  "minimal": "MINIMAL",
  "low": "LOW",
  "medium": "MEDIUM",
  "high": "HIGH",
  "xhigh": "XHIGH",
  "max": "XHIGH",
} as const satisfies Record<Effort, Level>;

/** https://ai.google.dev/gemini-api/docs/thinking: the least and the most that the 2.5 models take. */
const BUDGETS = { pro: { least: 128, most: 32_768 }, flash: { least: 0, most: 24_576 } };

export function parseThinking(config: ThinkingConfig | null | undefined): ReasoningRequest | undefined {
  if (!config) return undefined;
  const { thinkingLevel: level, thinkingBudget: budget, includeThoughts: show } = config;
  const effort = level && isLevel(level) ? EFFORTS[level] : undefined;
  const parsed = given({ effort, budget, show });
  return Object.keys(parsed).length === 0 ? undefined : parsed;
}

function isLevel(word: string): word is Level {
  return Object.hasOwn(EFFORTS, word);
}

/** What the model is asked for in the words it knows; undefined where that is nothing. */
export function formatThinking(request: ChatRequest, target: Target, lost: LossList): JsonObject | undefined {
  const { reasoning } = request;
  if (reasoning === undefined) return undefined;
  const asked = askedOf(reasoning, request.maxTokens, target);
  if (asked === undefined) return lost.add("reasoning", "the model does not think");
  // Who asks for thinking wants to see it, as the other dialects' clients take for granted.
  const isOff = effortOf(reasoning) === "none";
  const show = reasoning.show ?? !isOff;
  if (isOff && asked.thinkingBudget !== 0) lost.add("reasoning", "the model cannot be kept from thinking");
  return { ...asked, includeThoughts: show };
}

function askedOf(reasoning: ReasoningRequest, maxTokens: number | undefined, target: Target): JsonObject | undefined {
  switch (thinkingOf(target)) {
    case "none":
      return undefined;
    case "budget":
      return given({ thinkingBudget: budgetOf(reasoning, maxTokens, target.model) });
    case "effort":
    case "adaptive":
      return given({ thinkingLevel: levelOf(reasoning, target.model) });
  }
}

function thinkingOf({ model, facts }: Target): NonNullable<Target["facts"]["thinking"]> {
  const generation = generationOf(model);
  if (facts.thinking !== undefined) return facts.thinking;
  if (generation >= THIRD_GENERATION) return "effort";
  return generation >= 2.5 ? "budget" : "none";
}

/**
 * No model of these can be kept from thinking. The larger ones know no level below `LOW`, and from the fourth generation on
 * none does; Neon knows one above `HIGH`.
 * https://ai.google.dev/gemini-api/docs/generate-content/latest-model, https://apidog.com/blog/gemini-4-neon-api/ (2026-11-19)
 */
function levelOf(reasoning: ReasoningRequest, model: string): Level | undefined {
  const effort = effortOf(reasoning);
  const level = effort && LEVELS[effort];
  if (level === "MINIMAL") return isPro(model) || generationOf(model) >= FOURTH_GENERATION ? "LOW" : level;
  return level === "XHIGH" && !model.includes("gemini-4-neon") ? "HIGH" : level;
}

/** Thoughts count against the limit of the answer: half of it is left for what is said. */
function budgetOf({ effort, budget }: ReasoningRequest, maxTokens: number | undefined, model: string) {
  const wanted = budget ?? (effort && EFFORT_BUDGETS[effort]);
  if (wanted === undefined || wanted === -1) return wanted;
  const { least, most } = isPro(model) ? BUDGETS.pro : BUDGETS.flash;
  const room = maxTokens === undefined || wanted < maxTokens ? wanted : Math.floor(maxTokens / 2);
  return Math.max(least, Math.min(room, most));
}

function isPro(model: string): boolean {
  return model.includes("pro");
}
