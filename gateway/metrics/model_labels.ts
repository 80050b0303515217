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
export function createModelLabel(config: Pick<Config, "providers" | "models">): ModelLabel {
  const candidates = Object.values(config.models.models).flatMap((entry) => entry.candidates ?? []);
  const named = new Set(candidates.map(({ provider, model }) => `${provider}/${model}`));
  const learned = new Set<string>();
  const isGiven = (provider: string, model: string) =>
    config.providers.some(({ name, models }) => name === provider && models.includes(model));
  return ({ provider, upstreamModel, end }) => {
    if (provider === undefined || upstreamModel === undefined) return "other";
    const id = `${provider}/${upstreamModel}`;
    if (named.has(id) || isGiven(provider, upstreamModel)) return upstreamModel;
    if (end === "done" && learned.size < MAX_LEARNED) learned.add(id);
    return learned.has(id) ? upstreamModel : "other";
  };
}
