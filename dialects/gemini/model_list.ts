/** The model list in Gemini's shape: https://ai.google.dev/api/models */

import type { JsonObject } from "../../chat/json.ts";
import type { ListedModel } from "../listed_model.ts";
import { ANSWER_VERBS } from "./parse_path.ts";

/** One page that holds them all: there is no `nextPageToken`. */
export function formatModelList(models: readonly ListedModel[]): JsonObject {
  return { models: models.map(formatModel) };
}

export function formatModel({ id, displayName, facts }: ListedModel): JsonObject {
  return {
    name: `models/${id}`,
    baseModelId: id,
    version: "1",
    displayName: displayName ?? id,
    inputTokenLimit: facts.contextWindow,
    outputTokenLimit: facts.maxOutput,
    supportedGenerationMethods: [...ANSWER_VERBS],
  };
}
