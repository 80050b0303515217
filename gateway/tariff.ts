/** Which of a model's tariffs a request falls under: vendors ask more for long prompts, by day, or less until a date. */

import type { Usage } from "../chat/usage.ts";
import { bareId } from "./catalog/filter.ts";
import { DAYS, type ModelsFile, type Prices, type Tariff } from "./catalog/mod.ts";
import type { Observation } from "./observation.ts";
import type { PriceBook } from "./price_book.ts";

/** What it depends on. */
export interface Billed {
  usage: Pick<Usage, "input"> | undefined;
  /** Milliseconds since the epoch. */
  endedAt: number;
}

/** The name of the first that applies; `undefined` where the plain prices do. */
export function tariffOf(prices: Prices | undefined, billed: Billed): string | undefined {
  if (prices?.tariffs === undefined) return undefined;
  return Object.entries(prices.tariffs).find(([, tariff]) => applies(tariff, billed))?.[0];
}

/** The tariff that a request falls under which ended then. */
export type TariffBook = (
  request: Pick<Observation, "provider" | "upstreamModel" | "usage">,
  endedAt: number,
) => string | undefined;

/** Each request is looked up here: most models have no tariffs, and need no look at their prices. */
export function createTariffBook({ models }: ModelsFile, pricesOf: PriceBook): TariffBook {
  const names = Object.entries(models).flatMap(([id, { prices }]) => prices?.tariffs === undefined ? [] : suffixes(id));
  const billed = new Set(names);
  return ({ provider, upstreamModel, usage }, endedAt) =>
    upstreamModel !== undefined && billed.has(bareId(upstreamModel))
      ? tariffOf(pricesOf(provider, upstreamModel), { usage, endedAt })
      : undefined;
}

/** An entry's id may have a provider or vendor before the model's id, which may have slashes of its own. */
function suffixes(id: string): string[] {
  const parts = id.split("/");
  return parts.map((_, at) => parts.slice(at).join("/"));
}

function applies({ above, until, days, hours }: Tariff, { usage, endedAt }: Billed): boolean {
  if (above !== undefined && (usage === undefined || usage.input <= above)) return false;
  if (until !== undefined && endedAt >= Date.parse(until)) return false;
  const date = new Date(endedAt);
  if (days?.includes(DAYS[date.getUTCDay()]!) === false) return false;
  return hours?.some(([from, to]) => from <= date.getUTCHours() && date.getUTCHours() < to) ?? true;
}
