/** The catalogue at work, from models.json and the upstreams' own lists. */

import { type Alias, aliasesOf, candidatesOf } from "./aliases.ts";
import type { Catalog, CatalogOptions, ListedModel, ResolvedModel } from "./catalog.ts";
import { type KnownModel, lookUp, overlay } from "./facts.ts";
import { isGlob } from "./globs.ts";
import { resolveKnown, resolveModel } from "./resolve_model.ts";
import type { ModelsFile } from "./schema.ts";
import { unknownModel } from "./unknown_model.ts";
import { everyModel, lonelyLangfast, type Sources } from "./source.ts";

export function createCatalog({ models: file, sources }: CatalogOptions): Catalog {
  const aliases = aliasesOf(file);
  return {
    async resolve(id) {
      if (id !== "") return await resolveModel(id, { sources, aliases });
      const standard = file.default_model;
      if (standard === undefined) throw unknownModel("", []);
      const known = await resolveKnown(standard, { sources, aliases }).catch(() => undefined);
      return known ?? firstWith(standard, sources);
    },

    async list() {
      const named = aliases.filter(({ id }) => !isGlob(id)).flatMap((alias) => listAlias(alias, sources));
      const taken = new Set(named.map(({ id }) => id));
      const served = await listServed(file, sources);
      return [...named, ...served.filter(({ id }) => !taken.has(id))];
    },

    lonelyLangfast: () => lonelyLangfast(sources)?.config.name,

    refresh: async (provider) => await sources.get(provider)?.list.refresh(),

    state: () => [...sources.values()].map(({ list }) => list.state()),
  };
}

/**
 * The default, where several have it: somebody has to answer.
 *
 * @throws {GatewayError} as a default that no provider here has is as good as none
 */
function firstWith(id: string, sources: Sources): ResolvedModel {
  const source = [...sources.values()].find(({ list }) => list.find(id) !== undefined);
  const model = source?.list.find(id);
  if (source === undefined || model === undefined) throw unknownModel("", []);
  return { publicId: `${source.config.name}/${model.id}`, candidates: [source.candidate(model.id)], isGuess: true };
}

/** An alias none of whose upstreams is set up is not listed. */
function listAlias(alias: Alias, sources: Sources): ListedModel[] {
  const [first] = candidatesOf(alias, sources);
  if (first === undefined) return [];
  return [{ id: alias.id, ownedBy: first.provider.name, ...describe(overlay(first, [alias.entry])) }];
}

async function listServed(file: ModelsFile, sources: Sources): Promise<ListedModel[]> {
  const lonely = lonelyLangfast(sources);
  return (await everyModel(sources)).map(({ source, source: { config }, model }) => ({
    ...idsOf(`${config.name}/${model.id}`, source === lonely ? model.id : undefined),
    ownedBy: model.ownedBy ?? config.name,
    ...model.created !== undefined && { created: model.created },
    ...describe(lookUp(file, config, model)),
  }));
}

function idsOf(publicId: string, short: string | undefined): Pick<ListedModel, "id" | "publicId"> {
  return short === undefined ? { id: publicId } : { id: short, publicId };
}

function describe({ facts, prices, displayName }: KnownModel): Pick<ListedModel, "facts" | "prices" | "displayName"> {
  return { facts, ...prices && { prices }, ...displayName !== undefined && { displayName } };
}
