/** Thinking in the words of a client that speaks this dialect, as a Claude of another generation takes it. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Target } from "../dialect.ts";
import { isObject } from "../json.ts";
import type { LossList } from "../losses.ts";
import { ADAPTIVE, alwaysThinks, BUDGETLESS, generationOf } from "./model_generation.ts";
import { formatThinking } from "./thinking.ts";

/** Nothing is to be told otherwise. */
export const AS_IT_IS: Record<string, Json | undefined> = {};

/**
 * The members to be told otherwise. A client asks as the model wants that it believes to talk to, and a route may lead to
 * another: 400 `"thinking.type.enabled" is not supported for this model`
 * (https://github.com/OpenHands/software-agent-sdk/pull/3427, 2026-05-29), the same of `disabled` where it always thinks, or
 * `does not support the effort parameter`
 * (https://github.com/envoyproxy/ai-gateway/pull/1988, 2026-03-25).
 */
export function fitThinking(
  body: JsonObject,
  request: ChatRequest,
  { model, facts, lost }: Pick<Target, "model" | "facts"> & { lost: LossList },
): Record<string, Json | undefined> {
  const { thinking, output_config: config } = body;
  if (thinking === undefined && config === undefined) return AS_IT_IS;
  const generation = generationOf(model);
  if (generation === 0) return AS_IT_IS;
  const way = generation < ADAPTIVE ? "budget" : "adaptive";
  const type = isObject(thinking) ? thinking.type : undefined;
  const isOther = type === "adaptive" && generation < ADAPTIVE || type === "enabled" && generation >= BUDGETLESS ||
    type === "disabled" && alwaysThinks(model);
  const anew = isOther ? formatThinking(request, { model, facts: { ...facts, thinking: way }, lost }) : undefined;
  return {
    ...(anew && { thinking: anew.thinking }),
    ...fitEffort(isObject(config) ? config : {}, { anew: anew?.effort, takesEffort: takesEffort(model) }),
  };
}

function fitEffort(
  config: JsonObject,
  { anew, takesEffort }: { anew: string | undefined; takesEffort: boolean },
): Record<string, Json | undefined> {
  if (takesEffort) {
    return anew === undefined || "effort" in config ? {} : { output_config: { ...config, effort: anew } };
  }
  if (!("effort" in config)) return {};
  const { effort: _, ...rest } = config;
  return { output_config: Object.keys(rest).length === 0 ? undefined : rest };
}

/** https://platform.claude.com/docs/en/build-with-claude/effort */
function takesEffort(model: string): boolean {
  return generationOf(model) >= ADAPTIVE || /claude-opus-4[-.]5/.test(model);
}
