/** The catalogue's prices as they are now, for what was answered at any time: a corrected price corrects history. */

import { lookUp } from "./catalog/facts.ts";
import type { Prices } from "./catalog/mod.ts";
import type { Config } from "./config/mod.ts";

/** `undefined` where they are not known. */
export type PriceBook = (provider: string | undefined, upstreamModel: string | undefined) => Prices | undefined;

export function createPriceBook(config: Pick<Config, "models" | "providers">): PriceBook {
  return (name, upstreamModel) => {
    if (name === undefined || upstreamModel === undefined) return undefined;
    // What a provider answered has its price even when the provider is there no more.
    const provider = config.providers.find((provider) => provider.name === name) ?? { name };
    return lookUp(config.models, provider, { id: upstreamModel }).prices;
  };
}
