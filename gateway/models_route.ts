/** The model list and one model of it, in the caller's shape. */

import type { JsonObject } from "../chat/json.ts";
import * as anthropic from "../dialects/anthropic/model_list.ts";
import * as gemini from "../dialects/gemini/model_list.ts";
import type { ListedModel } from "../dialects/listed_model.ts";
import * as ollama from "../dialects/ollama/model_list.ts";
import * as openai from "../dialects/openai_chat/model_list.ts";
import { type Client, demandModel, mayUse } from "./limits/mod.ts";
import type { Gateway } from "./gateway.ts";

export interface ModelShape {
  list(models: readonly ListedModel[]): JsonObject;
  one(model: ListedModel): JsonObject;
}

export const MODEL_SHAPES = {
  openai: { list: openai.formatModelList, one: openai.formatModel },
  anthropic: { list: anthropic.formatModelList, one: anthropic.formatModel },
  gemini: { list: gemini.formatModelList, one: gemini.formatModel },
  ollama: { list: ollama.formatTags, one: ollama.formatShow },
} as const satisfies Record<string, ModelShape>;

/**
 * `GET /v1/models` belongs to three dialects: a Google key says Gemini, a version header Anthropic, anything else OpenAI
 * (DIALECTS.md §0).
 */
export function modelShapeOf(request: Request): keyof typeof MODEL_SHAPES {
  if (request.headers.has("x-goog-api-key") || new URL(request.url).searchParams.has("key")) return "gemini";
  return request.headers.has("anthropic-version") ? "anthropic" : "openai";
}

/** Whoever has a key is shown what it may use. */
export interface ModelQuestion {
  client: Client;
  shape: ModelShape;
}

export async function listModels({ catalog }: Gateway, { client, shape }: ModelQuestion): Promise<JsonObject> {
  return shape.list(
    (await catalog.list()).filter(({ id, publicId = id }) => mayUse(client, id) || mayUse(client, publicId)),
  );
}

/** @throws {GatewayError} `unknown-model` or `forbidden` */
export async function showModel(
  { catalog }: Gateway,
  id: string,
  { client, shape }: ModelQuestion,
): Promise<JsonObject> {
  await demandModel(client, id, catalog);
  const { publicId, candidates: [candidate] } = await catalog.resolve(id);
  const listed = (await catalog.list()).find((model) => (model.publicId ?? model.id) === publicId);
  return shape.one(listed ?? { id: publicId, ownedBy: candidate.provider.name, facts: candidate.facts });
}
