/** The model list in OpenAI's shape, with the limits that are known in members of our own. */

import type { JsonObject } from "../../chat/json.ts";
import type { ListedModel } from "../listed_model.ts";

export function formatModelList(models: readonly ListedModel[]): JsonObject {
  return { object: "list", data: models.map(formatModel) };
}

export function formatModel({ id, created, ownedBy, displayName, facts }: ListedModel): JsonObject {
  return {
    id,
    object: "model",
    created: created ?? 0,
    owned_by: ownedBy ?? "anystream",
    display_name: displayName,
    context_window: facts.contextWindow,
    max_output_tokens: facts.maxOutput,
  };
}
