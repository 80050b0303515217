/** One way to an answer: an upstream's model, asked with one key of its provider's pool. */

import type { Provider } from "../../providers/provider.ts";
import type { ResolvedCandidate } from "../catalog/mod.ts";

export interface Lane {
  candidate: ResolvedCandidate;
  /** The key's place in the pool, from 0; `undefined` where the provider has none to choose. */
  key: number | undefined;
}

/** A provider's model, by which it is remembered how it fares. */
export function modelName({ provider, model }: { provider: Pick<Provider, "name">; model: string }): string {
  return `${provider.name}/${model}`;
}

/** The places of a provider's keys. One that shows none is asked as if it had one. */
export function placesOf({ keys = [] }: Pick<Provider, "keys">): (number | undefined)[] {
  return keys.length === 0 ? [undefined] : [...keys.keys()];
}

/** What a lane's key is remembered by: a key that changes its place stays the same key. */
export function fingerprintOf({ candidate, key }: Lane): string {
  return key === undefined ? "" : candidate.provider.keys?.[key] ?? "";
}
