/** Which models a key may use: by the names its limits have, exact or with `*` for any text. */

import { GatewayError } from "../../chat/error.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { ClientIdentity } from "../access.ts";
import type { Catalog } from "../catalog/mod.ts";
import { createFilter, type ModelFilter } from "../catalog/filter.ts";

export type Client = Pick<ClientIdentity, "limits"> | undefined;

/** By the list itself: a key has the same one for all its requests. */
const filters = new WeakMap<readonly string[], ModelFilter>();

/** Whether the client may use the model of that public id. */
export function mayUse(client: Client, id: string): boolean {
  const models = client?.limits.models;
  if (models === undefined) return true;
  const known = filters.get(models);
  if (known !== undefined) return known(id);
  const filter = createFilter({ mode: "whitelist", models });
  filters.set(models, filter);
  return filter(id);
}

/** By which some vendors (OpenRouter, LiteLLM) take other models beside the one that is asked for. */
const OTHERS = ["models", "fallbacks"];

/**
 * A key that may use some models alone names no others to the upstream either: its own words are handed on as they are.
 *
 * @throws {GatewayError} `forbidden`
 */
export function demandNoOthers(client: Client, { source }: Pick<ChatRequest, "source">): void {
  if (client?.limits.models === undefined) return;
  const param = OTHERS.find((name) => source.body[name] !== undefined);
  if (param === undefined) return;
  throw new GatewayError("forbidden", `Cannot use ${param} as the API key is allowed to use some models alone`, {
    param,
    code: "model_not_allowed",
  });
}

/**
 * The model as its client calls it, or as it is called in full.
 *
 * @throws {GatewayError} `forbidden`, or `unknown-model` where there is none of that name
 */
export async function demandModel(client: Client, model: string, catalog: Catalog): Promise<void> {
  if (model !== "" && mayUse(client, model)) return;
  const { publicId } = await catalog.resolve(model);
  if (mayUse(client, publicId)) return;
  throw new GatewayError("forbidden", `Cannot use the model "${publicId}" as the API key is not allowed to`, {
    param: "model",
    code: "model_not_allowed",
  });
}
