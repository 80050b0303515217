/** What is known of an upstream's model: the catalogue's entries over what the upstream itself said. */

import type { ModelFacts } from "../../chat/model.ts";
import type { UpstreamModel } from "../../providers/provider.ts";
import type { ProviderConfig } from "../config/provider_schema.ts";
import { bareId } from "./filter.ts";
import { factsOf, type ModelEntry, type ModelsFile, type Prices } from "./schema.ts";

export interface KnownModel {
  facts: ModelFacts;
  prices?: Prices;
  displayName?: string;
}

/** By whom a model is served. */
type Served = Pick<ProviderConfig, "name" | "vendor">;

/** The more particular wins: the provider's name, then its vendor, then the bare id wherever it is served. */
export function lookUp({ models }: ModelsFile, config: Served, model: UpstreamModel): KnownModel {
  const id = bareId(model.id);
  const names = [id, ...config.vendor === undefined ? [] : [`${config.vendor}/${id}`], `${config.name}/${id}`];
  const entries = names.flatMap((name) => (Object.hasOwn(models, name) ? models[name] : undefined) ?? [])
    // An alias is a name of its own, even where it looks like a model's.
    .filter(({ candidates }) => candidates === undefined);
  return overlay({ facts: model.facts ?? {} }, entries);
}

/** What is known already, with the entries over it. */
export function overlay(known: KnownModel, entries: readonly ModelEntry[]): KnownModel {
  return entries.reduce<KnownModel>((under, entry) => ({
    ...under,
    facts: { ...under.facts, ...factsOf(entry) },
    ...entry.prices && { prices: entry.prices },
    ...entry.display_name !== undefined && { displayName: entry.display_name },
  }), known);
}

/** The models the catalogue knows of a provider, for when its own list cannot be had. */
export function modelsOf({ models }: ModelsFile, { name, vendor }: Served): UpstreamModel[] {
  const prefixes = [...new Set([name, vendor ?? name])].map((prefix) => `${prefix}/`);
  const ids = Object.entries(models).filter(([, { candidates }]) => candidates === undefined).flatMap(([id]) =>
    prefixes.filter((prefix) => id.startsWith(prefix)).map((prefix) => id.slice(prefix.length))
  );
  return [...new Set(ids)].map((id) => ({ id }));
}
