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

/** Those that somebody set up. The demo, which is there unasked, counts only where it is all there is. */
export function setUp(sources: Sources): Source[] {
  const all = [...sources.values()];
  const chosen = all.filter(({ config }) => config.origin !== "built-in");
  return chosen.length === 0 ? all : chosen;
}

/** LangFast, where nothing else is set up: its models then go by the ids that langfast2api's clients know them by. */
export function lonelyLangfast(sources: Sources): Source | undefined {
  const [only, ...others] = setUp(sources);
  return only?.config.type === "langfast" && others.length === 0 ? only : undefined;
}

/** Every model to be listed, in the order of the providers; their lists are fetched side by side where need be. */
export async function everyModel(sources: Sources): Promise<{ source: Source; model: UpstreamModel }[]> {
  const lists = setUp(sources).map(async (source) => (await source.list.current()).map((model) => ({ source, model })));
  return (await Promise.all(lists)).flat();
}
