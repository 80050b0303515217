/** Which of a model's tariffs a request falls under: vendors ask more for long prompts, by day, or less until a date. */

import type { Usage } from "../chat/usage.ts";
import { DAYS, type Prices, type Tariff } from "./catalog/mod.ts";

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

function applies({ above, until, days, hours }: Tariff, { usage, endedAt }: Billed): boolean {
  if (above !== undefined && (usage === undefined || usage.input <= above)) return false;
  if (until !== undefined && endedAt >= Date.parse(until)) return false;
  const date = new Date(endedAt);
  if (days?.includes(DAYS[date.getUTCDay()]!) === false) return false;
  return hours?.some(([from, to]) => from <= date.getUTCHours() && date.getUTCHours() < to) ?? true;
}
