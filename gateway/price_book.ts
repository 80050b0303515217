/** The catalogue's prices as they are now, for what was answered at any time: a corrected price corrects history. */

import { lookUp } from "./catalog/facts.ts";
import type { Prices } from "./catalog/mod.ts";
import type { Config } from "./config/mod.ts";

/** `undefined` where they are not known. */
export type PriceBook = (provider: string | undefined, upstreamModel: string | undefined) => Prices | undefined;

export function createPriceBook({ models, providers }: Pick<Config, "models" | "providers">): PriceBook {
  const known = new Map(providers.map((provider) => [provider.name, provider]));
  return (provider, upstreamModel) => {
    const config = known.get(provider ?? "");
    if (config === undefined || upstreamModel === undefined) return undefined;
    return lookUp(models, config, { id: upstreamModel }).prices;
  };
}
