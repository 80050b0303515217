/** One configured provider as the catalogue sees it: its client, its list, and what is known of its models. */

import type { Provider, UpstreamModel } from "../../providers/provider.ts";
import type { ProviderConfig } from "../config/schema.ts";
import type { CatalogOptions, ResolvedCandidate } from "./catalog.ts";
import { lookUp, modelsOf } from "./facts.ts";
import { bareId } from "./filter.ts";
import { createModelList, type ModelList } from "./model_list.ts";

export interface Source {
  provider: Provider;
  config: ProviderConfig;
  list: ModelList;
  /** The provider as one that can answer with a model, listed or not. */
  candidate(model: string): ResolvedCandidate;
}

/** By name, in the configuration's order. */
export type Sources = ReadonlyMap<string, Source>;

export function createSources({ config, providers, now }: CatalogOptions): Sources {
  const ttl = config.advanced.modelsTtl;
  return new Map(config.providers.flatMap((own): [string, Source][] => {
    const provider = providers.get(own.name);
    if (provider === undefined) return [];
    const list = createModelList({ provider, config: own, fallback: modelsOf(config.models, own), ttl, now });
    const candidate = (model: string): ResolvedCandidate => {
      const listed = list.known().find((known) => isModel(known, model));
      const { facts, prices } = lookUp(config.models, own, { ...listed, id: model });
      return { provider, config: own, model, facts, ...prices && { prices }, stream: own.stream, parameters: {} };
    };
    return [[own.name, { provider, config: own, list, candidate }]];
  }));
}

export function isModel({ id }: UpstreamModel, asked: string): boolean {
  return id === asked || bareId(id) === asked;
}

/** Every model that may be used, in the order of the providers; their lists are fetched side by side where need be. */
export async function everyModel(sources: Sources): Promise<{ source: Source; model: UpstreamModel }[]> {
  const lists = [...sources.values()].map(async (source) =>
    (await source.list.current()).map((model) => ({ source, model }))
  );
  return (await Promise.all(lists)).flat();
}
