/** Which models get a label of their own in metrics: a client can invent any number of names, a time series must be few. */

import type { Config } from "../config/mod.ts";
import type { Observation } from "../observation.ts";

/** Models beyond those the configuration names, for the life of the process. */
const MAX_LEARNED = 200;

export type ModelLabel = (observation: Observation) => string;

/**
 * The upstream's id of a model that the configuration or models.json names, or that an upstream has answered for; `other`
 * for the rest.
 */
export function createModelLabel({ providers, models }: Config): ModelLabel {
  const given = providers.flatMap(({ name, models }) => models.map((model) => `${name}/${model}`));
  const candidates = Object.values(models.models).flatMap((entry) => entry.candidates ?? []);
  const named = new Set([...given, ...candidates.map(({ provider, model }) => `${provider}/${model}`)]);
  const learned = new Set<string>();
  return ({ provider, upstreamModel, end }) => {
    if (provider === undefined || upstreamModel === undefined) return "other";
    const id = `${provider}/${upstreamModel}`;
    if (end === "done" && learned.size < MAX_LEARNED && !named.has(id)) learned.add(id);
    return named.has(id) || learned.has(id) ? upstreamModel : "other";
  };
}
