/** What one instance saw in one hour, by provider, model, tariff and key: small enough that overviews read no records. */

import { addHistogram, count, type Histogram, noHistogram } from "./histogram.ts";
import type { RequestSummary } from "./request_record.ts";
import type { Key } from "./store.ts";
import { TIERS, tiersOf, type TierTokens } from "./token_tiers.ts";

export const HOUR = 3_600_000;
export const HOURS: Key = ["hours"];

/** Tokens, not their cost: that is derived from the prices of the day it is read. */
export interface Totals {
  requests: number;
  /** Those that failed; a client that left is no error. */
  errors: number;
  cancelled: number;
  tokens: TierTokens;
  ttft: Histogram;
  tpot: Histogram;
}

export interface Cell extends Totals {
  provider?: string;
  upstreamModel?: string;
  tariff?: string;
  key?: string;
}

export interface HourTotals {
  /** Requests count in the hour they ended in. */
  add(summary: RequestSummary): void;
  cells(): Cell[];
}

/** Whom a cell's requests have in common. */
type Owner = Pick<Cell, "provider" | "upstreamModel" | "tariff" | "key">;

export interface Cells {
  cellOf(owner: Owner): Cell;
  all(): Cell[];
}

/** Clients name models at will: what is over this goes into one cell without names. */
const MOST_CELLS = 500;

export function createCells(): Cells {
  const cells = new Map<string, Cell>();

  function cellOf({ provider, upstreamModel, tariff, key }: Owner): Cell {
    const name = JSON.stringify([provider, upstreamModel, tariff, key]);
    const found = cells.get(name);
    if (found !== undefined) return found;
    if (cells.size >= MOST_CELLS && (provider ?? upstreamModel ?? key) !== undefined) return cellOf({});
    const cell: Cell = {
      ...(provider !== undefined && { provider }),
      ...(upstreamModel !== undefined && { upstreamModel }),
      ...(tariff !== undefined && { tariff }),
      ...(key !== undefined && { key }),
      ...noTotals(),
    };
    cells.set(name, cell);
    return cell;
  }

  return { cellOf, all: () => [...cells.values()] };
}

export function createHourTotals(): HourTotals {
  const { cellOf, all } = createCells();
  return {
    add(summary) {
      const { end, usage, ttft, tpot } = summary;
      const cell = cellOf(summary);
      cell.requests++;
      if (end === "failed") cell.errors++;
      if (end === "cancelled") cell.cancelled++;
      if (usage !== undefined) addTokens(cell.tokens, tiersOf(usage));
      if (ttft !== undefined) count(cell.ttft, ttft);
      if (tpot !== undefined) count(cell.tpot, tpot);
    },
    cells: all,
  };
}

export function hourKey(at: number, instance: string): Key {
  return [...HOURS, hourOf(at), instance];
}

export function hourOf(at: number): number {
  return at - at % HOUR;
}

export function noTotals(): Totals {
  const tokens = { input: 0, cached: 0, cacheWrite: 0, cacheWriteHour: 0, output: 0, reasoning: 0 };
  return { requests: 0, errors: 0, cancelled: 0, tokens, ttft: noHistogram(), tpot: noHistogram() };
}

/** Adds the second to the first. */
export function addTotals(sum: Totals, more: Totals): void {
  sum.requests += more.requests;
  sum.errors += more.errors;
  sum.cancelled += more.cancelled;
  addTokens(sum.tokens, more.tokens);
  addHistogram(sum.ttft, more.ttft);
  addHistogram(sum.tpot, more.tpot);
}

function addTokens(sum: TierTokens, more: TierTokens): void {
  for (const tier of TIERS) sum[tier] += more[tier];
}
