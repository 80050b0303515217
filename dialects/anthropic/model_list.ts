/** The model list in Anthropic's shape: https://docs.claude.com/en/api/models-list */

import type { JsonObject } from "../../chat/json.ts";
import type { ListedModel } from "../listed_model.ts";

/** One page that holds them all: the SDKs follow `has_more` and `last_id`. */
export function formatModelList(models: readonly ListedModel[]): JsonObject {
  return {
    data: models.map(formatModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}

export function formatModel({ id, created, displayName, facts }: ListedModel): JsonObject {
  return {
    type: "model",
    id,
    display_name: displayName ?? id,
    created_at: new Date((created ?? 0) * 1000).toISOString(),
    context_window: facts.contextWindow,
    max_input_tokens: facts.contextWindow,
    max_tokens: facts.maxOutput,
  };
}
