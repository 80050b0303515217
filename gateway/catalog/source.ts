/** One configured provider as the catalogue sees it: its client, its list, and what is known of its models. */

import type { Provider, UpstreamModel } from "../../providers/provider.ts";
import type { ProviderConfig } from "../config/provider_schema.ts";
import type { ResolvedCandidate } from "./catalog.ts";
import { lookUp, modelsOf } from "./facts.ts";
import { createModelList, type ModelList } from "./model_list.ts";
import type { ModelsFile } from "./schema.ts";

export interface Source {
  provider: Provider;
  config: ProviderConfig;
  list: ModelList;
  /** The provider as one that can answer with a model, listed or not. */
  candidate(model: string): ResolvedCandidate;
}

/** By name, in the configuration's order. */
export type Sources = ReadonlyMap<string, Source>;

export interface Shelf {
  models: ModelsFile;
  /** Milliseconds that a list is good for. */
  ttl: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

export function createSource(
  { config, provider }: Pick<Source, "config" | "provider">,
  { models, ttl, now }: Shelf,
): Source {
  const list = createModelList({ provider, config, fallback: modelsOf(models, config), ttl, now });
  const make = (model: string): ResolvedCandidate => {
    const { facts, prices } = lookUp(models, config, { ...list.find(model), id: model });
    return { provider, config, model, facts, ...prices && { prices }, stream: config.stream, parameters: {} };
  };
  return { provider, config, list, candidate: remembered(make, list) };
}

/** Clients may ask for any number of names. */
const MOST_REMEMBERED = 1_000;

/** Each made once, as long as the list says the same of its model. */
function remembered(make: (model: string) => ResolvedCandidate, list: Pick<ModelList, "find">): Source["candidate"] {
  const made = new Map<string, { listed: UpstreamModel | undefined; candidate: ResolvedCandidate }>();
  return function candidate(model) {
    const listed = list.find(model);
    const before = made.get(model);
    if (before !== undefined && before.listed === listed) return before.candidate;
    const candidate = make(model);
    if (made.size >= MOST_REMEMBERED) made.clear();
    made.set(model, { listed, candidate });
    return candidate;
  };
}

/** Every model that may be used, in the order of the providers; their lists are fetched side by side where need be. */
export async function everyModel(sources: Sources): Promise<{ source: Source; model: UpstreamModel }[]> {
  const lists = [...sources.values()].map(async (source) =>
    (await source.list.current()).map((model) => ({ source, model }))
  );
  return (await Promise.all(lists)).flat();
}
