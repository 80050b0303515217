/** Models that a limit of money cannot count, as far as the configuration names them: told before anybody has used one. */

import { aliasesOf } from "../catalog/aliases.ts";
import { createFilter } from "../catalog/filter.ts";
import type { Config } from "../config/mod.ts";
import { createPriceBook } from "../price_book.ts";
import { mayUse } from "./allowed_models.ts";
import { limitsMoney, unpricedWarning } from "./unpriced.ts";

/** A sentence for each. What only the upstream's own list names, and a key in the storage, is told of once it was used. */
export function unpricedModels(config: Config): string[] {
  const keys = config.keys.filter(({ limits }) => limitsMoney(limits));
  const pricesOf = createPriceBook(config);
  const names = namedModels(config)
    .filter(({ id }) => keys.some((key) => mayUse(key, id)))
    .filter(({ provider, model }) => pricesOf(provider, model) === undefined)
    .map(({ provider, model }) => `${provider}/${model}`);
  return [...new Set(names)].map(unpricedWarning);
}

interface NamedModel {
  /** What clients call it. */
  id: string;
  provider: string;
  model: string;
}

function namedModels({ models, providers }: Config): NamedModel[] {
  const allowed = new Map(providers.map(({ name, filter }) => [name, createFilter(filter)]));
  const given = providers.flatMap(({ name, models }) =>
    models.map((model) => ({ id: `${name}/${model}`, provider: name, model }))
  );
  const meant = aliasesOf(models).flatMap(({ id, targets }) =>
    targets.map(({ provider, model }) => ({ id, provider, model }))
  );
  return [...given, ...meant].filter(({ provider, model }) => allowed.get(provider)?.(model));
}
