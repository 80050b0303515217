/** What was asked, what it cost and how fast it was, over time: from the hours' totals, never from records. */

import type { FiguresShape, OverviewShape, PercentilesShape, SeriesShape } from "../../dashboard/shapes.ts";
import { type CountedCells, DAY } from "../../records/day_totals.ts";
import { addTotals, type Cell, HOUR, noTotals, type Totals } from "../../records/hour_totals.ts";
import { type Histogram, percentile } from "../../records/histogram.ts";
import { TIERS } from "../../records/token_tiers.ts";
import type { Prices } from "../catalog/mod.ts";
import { costOfTiers } from "../cost.ts";
import type { PriceBook } from "../price_book.ts";

export const GROUPS = ["provider", "model", "key"] as const;
export type Group = (typeof GROUPS)[number];

export type Overview = OverviewShape;
type Series = SeriesShape;
type Figures = FiguresShape;
type Percentiles = PercentilesShape;

const WEEK = 7 * DAY;

/** Milliseconds that a bucket spans: up to a week an hour, else a day (of UTC). */
export function spanOf({ from, to }: { from: number; to: number }): number {
  return to - from > WEEK ? DAY : HOUR;
}

export interface OverviewOptions {
  from: number;
  to: number;
  by: Group;
  pricesOf: PriceBook;
}

export function overviewOf(counted: readonly CountedCells[], { from, to, by, pricesOf }: OverviewOptions): Overview {
  const span = spanOf({ from, to });
  const moneyOf = moneyCounter(pricesOf);
  const groups = new Map<string | null, Buckets>();
  for (const { start, cells } of counted) {
    for (const cell of cells) {
      const name = nameOf(cell, by);
      const buckets = groups.get(name) ?? new Map<number, Sum>();
      groups.set(name, buckets);
      const sum = sumAt(buckets, start - start % span);
      addTotals(sum, cell);
      addMoney(sum, moneyOf(cell));
    }
  }
  // Each cell is added once, and what was added is added up: there are tens of thousands of cells in a month.
  const total: Buckets = new Map();
  for (const buckets of groups.values()) {
    for (const [at, sum] of buckets) addSum(sumAt(total, at), sum);
  }
  const series = [...groups].map(([name, buckets]) => seriesOf(name, buckets));
  return {
    ...{ from, to, span },
    total: seriesOf(null, total),
    groups: series.sort((a, b) => b.total.requests - a.total.requests),
  };
}

function nameOf({ provider, upstreamModel, key }: Cell, by: Group): string | null {
  if (by === "provider") return provider ?? null;
  if (by === "key") return key ?? null;
  return upstreamModel === undefined ? null : `${provider}/${upstreamModel}`;
}

interface Money {
  cost: number;
  priced: number;
  unpriced: number;
}

interface Sum extends Totals, Money {}

/** By the time they begin. */
type Buckets = Map<number, Sum>;

function sumAt(buckets: Buckets, at: number): Sum {
  const sum = buckets.get(at) ?? noSum();
  buckets.set(at, sum);
  return sum;
}

function noSum(): Sum {
  return { ...noTotals(), cost: 0, priced: 0, unpriced: 0 };
}

/** Adds the second to the first. */
function addSum(sum: Sum, more: Sum): void {
  addTotals(sum, more);
  addMoney(sum, more);
}

function addMoney(sum: Money, more: Money): void {
  sum.cost += more.cost;
  sum.priced += more.priced;
  sum.unpriced += more.unpriced;
}

function seriesOf(name: string | null, buckets: Buckets): Series {
  const whole = noSum();
  for (const sum of buckets.values()) addSum(whole, sum);
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  return { name, total: figuresOf(whole), buckets: sorted.map(([at, sum]) => ({ at, ...figuresOf(sum) })) };
}

/** The catalogue is asked once for each model, though it comes in thousands of cells. */
function moneyCounter(pricesOf: PriceBook): (cell: Cell) => Money {
  const known = new Map<string, Prices | undefined>();
  return (cell) => {
    const name = `${cell.provider}/${cell.upstreamModel}`;
    if (!known.has(name)) known.set(name, pricesOf(cell.provider, cell.upstreamModel));
    return moneyOf(cell, known.get(name));
  };
}

/** A request that reached no model cost nothing: it tells of no price, and needs none. */
function moneyOf({ requests, tokens, tariff }: Cell, prices: Prices | undefined): Money {
  const cost = costOfTiers(tokens, prices, tariff);
  if (cost !== undefined) return { cost: cost.total, priced: requests, unpriced: 0 };
  const isUsed = TIERS.some((tier) => tokens[tier] > 0);
  return { cost: 0, priced: 0, unpriced: isUsed ? requests : 0 };
}

function figuresOf(sum: Sum): Figures {
  const { requests, errors, cancelled, tokens, cost, priced, unpriced } = sum;
  return {
    requests,
    errors,
    cancelled,
    input: tokens.input + tokens.cached + tokens.cacheWrite + tokens.cacheWriteHour,
    output: tokens.output + tokens.reasoning,
    cached: tokens.cached,
    reasoning: tokens.reasoning,
    cost: priced === 0 && unpriced > 0 ? null : cost,
    unpriced,
    ttft: percentilesOf(sum.ttft),
    tpot: percentilesOf(sum.tpot),
  };
}

function percentilesOf(histogram: Histogram): Percentiles | null {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => percentile(histogram, share));
  return p50 === undefined || p90 === undefined || p99 === undefined ? null : { p50, p90, p99 };
}
