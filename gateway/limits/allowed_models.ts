/** Which models a key may use: by the names its limits have, exact or with `*` for any text. */

import { GatewayError } from "../../chat/error.ts";
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
