/** Thinking: `thinking` and `output_config.effort`, both ways (CASES K12, DIALECTS.md §6.3). */

import type { JsonObject } from "../../chat/json.ts";
import type { ModelFacts } from "../../chat/model.ts";
import type { ChatRequest, Effort, ReasoningRequest } from "../../chat/request.ts";
import { given } from "../given.ts";
import type { LossList } from "../losses.ts";
import { ADAPTIVE, alwaysThinks, generationOf } from "./model_generation.ts";
import { EFFORT_BUDGETS, effortOf, isEffort } from "../reasoning_effort.ts";
import type { RequestBody } from "./schema.ts";

export function parseReasoning({ thinking, output_config, messages }: RequestBody): ReasoningRequest | undefined {
  const word = effortAmid(messages) ?? output_config?.effort;
  const effort = word && isEffort(word) ? { effort: word } : {};
  if (!thinking) return word && isEffort(word) ? { effort: word } : undefined;
  if (thinking.type === "disabled") return { effort: "none", budget: 0 };
  // Models that are given a budget show what they think unless told otherwise; those that choose it themselves do not.
  const isShown = thinking.display ? thinking.display !== "omitted" : thinking.type === "enabled" || undefined;
  const show = given({ show: isShown });
  // `adaptive` and `between_tools` leave it to the model how much it thinks.
  const budget = thinking.type === "enabled" ? thinking.budget_tokens ?? -1 : -1;
  return { ...effort, budget, ...show };
}

/**
 * The effort that was set last amid the conversation, while the request's own is left as it was for the prompt cache's sake:
 * https://platform.claude.com/docs/en/build-with-claude/effort-per-message (beta, seen 2026-11-28).
 */
function effortAmid(messages: RequestBody["messages"]): string | undefined {
  const set = messages.findLast((message) => message.role === "system" && message.output_config?.effort);
  return set?.role === "system" ? set.output_config?.effort ?? undefined : undefined;
}

/** The least budget that is taken. */
const MIN_BUDGET = 1024;
/** What is left for the answer where neither the client nor the catalogue says how long it may be (CASES R3). */
const ANSWER_TOKENS = 4096;

export interface ThinkingFields {
  max_tokens: number;
  thinking?: JsonObject;
  effort?: string;
}

/** The thinking that an upstream is asked for, and the limit of the answer, of which thoughts are a part. */
export function formatThinking(
  request: ChatRequest,
  { model, facts, lost }: { model: string; facts: ModelFacts; lost: LossList },
): ThinkingFields {
  const { reasoning } = request;
  const max_tokens = formatLimit(request, facts);
  if (reasoning === undefined) return { max_tokens };
  const way = facts.thinking ?? guessWay(model);
  const isOff = effortOf(reasoning) === "none";
  const effort = formatEffort(effortOf(reasoning));
  switch (way) {
    case "none":
      if (!isOff) lost.add("reasoning", "the model does not think");
      return { max_tokens };
    case "effort":
      return { max_tokens, ...given({ effort }) };
    case "adaptive":
      if (isOff) return { max_tokens, ...keptFromThinking(model, lost) };
      return { max_tokens, ...given({ effort, thinking: whereLegal(request, lost, adaptive(reasoning)) }) };
    case "budget":
      if (isOff) return { max_tokens, thinking: { type: "disabled" } };
      return { max_tokens, ...formatBudget(request, max_tokens, lost) };
    default:
      return way satisfies never;
  }
}

/** The limit is required here. */
function formatLimit({ maxTokens, reasoning }: ChatRequest, { maxOutput, thinking }: ModelFacts): number {
  if (maxTokens !== undefined) return Math.min(maxTokens, maxOutput ?? maxTokens);
  if (maxOutput !== undefined) return maxOutput;
  return ANSWER_TOKENS + (reasoning === undefined || thinking === "none" ? 0 : budgetOf(reasoning));
}

/** Thoughts go with a choice that leaves the model free; with a forced call they are refused. */
function whereLegal(request: ChatRequest, lost: LossList, thinking: JsonObject): JsonObject | undefined {
  const mode = request.toolChoice?.mode;
  const isForced = mode === "tool" || mode === "required" ||
    (request.toolChoice?.mode === "allowed" && request.toolChoice.required);
  if (!isForced || request.tools === undefined) return thinking;
  return lost.add("reasoning", "the model does not think when it is made to call a tool");
}

/** As little as a model can be held to. */
export function keptFromThinking(model: string, lost: LossList): Pick<ThinkingFields, "thinking" | "effort"> {
  if (!alwaysThinks(model)) return { thinking: { type: "disabled" } };
  lost.add("reasoning", "the model cannot be kept from thinking");
  return { effort: EFFORT_WORDS.none };
}

/** New models hide their thoughts unless asked for them, and clients of other dialects expect to see them. */
function adaptive({ show }: ReasoningRequest): JsonObject {
  return { type: "adaptive", display: show === false ? "omitted" : "summarized" };
}

function formatBudget(request: ChatRequest, limit: number, lost: LossList): { thinking?: JsonObject } {
  const { reasoning = {} } = request;
  if (limit <= MIN_BUDGET) {
    return given({ thinking: lost.add("reasoning", `thinking needs more than ${limit} tokens`) });
  }
  const wanted = Math.max(budgetOf(reasoning), MIN_BUDGET);
  // Thoughts count against the limit: a budget that would fill it leaves half of it to the answer.
  const budget_tokens = wanted < limit ? wanted : Math.max(MIN_BUDGET, Math.floor(limit / 2));
  const display = reasoning.show === false ? { display: "omitted" } : {};
  return given({ thinking: whereLegal(request, lost, { type: "enabled", budget_tokens, ...display }) });
}

function budgetOf(reasoning: ReasoningRequest): number {
  const { budget = -1 } = reasoning;
  return budget >= 0 ? budget : EFFORT_BUDGETS[effortOf(reasoning) ?? "medium"];
}

const EFFORT_WORDS = {
  none: "low",
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
  max: "max",
} as const satisfies Record<Effort, string>;

function formatEffort(effort: Effort | undefined): string | undefined {
  return effort === undefined ? undefined : EFFORT_WORDS[effort];
}

/**
 * How a model of which the catalogue says nothing is asked to think: from 4.6 on adaptively, as 4.7 refuses a budget;
 * before that, and at other vendors that speak this dialect, by a budget.
 * https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking (2026-11-20)
 */
function guessWay(model: string): "adaptive" | "budget" {
  return generationOf(model) >= ADAPTIVE ? "adaptive" : "budget";
}
