/** `GET /v1/models` in OpenAI's shape, with the limits that are known. */

import { GatewayError } from "../chat/error.ts";
import type { JsonObject } from "../chat/json.ts";
import type { ListedModel } from "./catalog/mod.ts";
import type { Gateway } from "./gateway.ts";

export async function listModels({ catalog }: Gateway): Promise<JsonObject> {
  return { object: "list", data: (await catalog.list()).map(formatModel) };
}

/** @throws {GatewayError} `unknown-model` */
export async function showModel({ catalog }: Gateway, id: string): Promise<JsonObject> {
  const { publicId, candidates: [candidate] } = await catalog.resolve(id);
  const listed = (await catalog.list()).find((model) => model.id === publicId);
  return formatModel(listed ?? { id: publicId, ownedBy: candidate.provider.name, facts: candidate.facts });
}

function formatModel({ id, created, ownedBy, displayName, facts }: ListedModel): JsonObject {
  return {
    id,
    object: "model",
    created: created ?? 0,
    owned_by: ownedBy,
    display_name: displayName,
    context_window: facts.contextWindow,
    max_output_tokens: facts.maxOutput,
  };
}

/** The id in a path whose ids contain slashes, decoded where a client encoded them. */
export function idFromPath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new GatewayError("invalid-request", "Cannot read the model id as its percent-encoding is malformed");
  }
}
