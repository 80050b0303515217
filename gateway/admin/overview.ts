/** What was asked, what it cost and how fast it was, over time: from the hours' totals, never from records. */

import { type CountedCells, DAY } from "../../records/day_totals.ts";
import { addTotals, type Cell, HOUR, noTotals, type Totals } from "../../records/hour_totals.ts";
import { type Histogram, percentile } from "../../records/histogram.ts";
import { costOfTiers } from "../cost.ts";
import type { PriceBook } from "../price_book.ts";

export const GROUPS = ["provider", "model", "key"] as const;
export type Group = (typeof GROUPS)[number];

interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
}

export interface Figures {
  requests: number;
  errors: number;
  cancelled: number;
  /** Prompt and completion tokens, each with all that is part of it. */
  input: number;
  output: number;
  cached: number;
  reasoning: number;
  /** USD, of what has known prices; `null` where nothing has. */
  cost: number | null;
  /** Requests whose cost is not known. */
  unpriced: number;
  /** Milliseconds; `null` where nothing was measured. */
  ttft: Percentiles | null;
  tpot: Percentiles | null;
}

export interface Bucket extends Figures {
  /** Milliseconds since the epoch. */
  at: number;
}

export interface Series {
  /** The provider, the upstream's model behind its provider's name, or the key; `null` for requests that had none. */
  name: string | null;
  total: Figures;
  /** Only those in which something happened. */
  buckets: Bucket[];
}

export interface Overview {
  from: number;
  to: number;
  /** Milliseconds that a bucket spans. */
  span: number;
  total: Series;
  /** The busiest first. */
  groups: Series[];
}

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
  const total = createSums();
  const groups = new Map<string | null, Sums>();
  for (const { start, cells } of counted) {
    const at = start - start % span;
    for (const cell of cells) {
      const money = moneyOf(cell, pricesOf);
      const name = nameOf(cell, by);
      const group = groups.get(name) ?? createSums();
      groups.set(name, group);
      for (const sums of [total, group]) sums.add(at, cell, money);
    }
  }
  const series = [...groups].map(([name, sums]) => ({ name, ...sums.figures() }));
  return {
    from,
    to,
    span,
    total: { name: null, ...total.figures() },
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

interface Sums {
  add(at: number, cell: Cell, money: Money): void;
  figures(): Pick<Series, "total" | "buckets">;
}

function createSums(): Sums {
  const whole = noSum();
  const buckets = new Map<number, Sum>();
  return {
    add(at, cell, { cost, priced, unpriced }) {
      const bucket = buckets.get(at) ?? noSum();
      buckets.set(at, bucket);
      for (const sum of [whole, bucket]) {
        addTotals(sum, cell);
        sum.cost += cost;
        sum.priced += priced;
        sum.unpriced += unpriced;
      }
    },
    figures: () => ({
      total: figuresOf(whole),
      buckets: [...buckets].sort(([a], [b]) => a - b).map(([at, sum]) => ({ at, ...figuresOf(sum) })),
    }),
  };
}

function noSum(): Sum {
  return { ...noTotals(), cost: 0, priced: 0, unpriced: 0 };
}

/** A request that reached no model cost nothing, and needs no price. */
function moneyOf({ requests, tokens, provider, upstreamModel }: Cell, pricesOf: PriceBook): Money {
  const cost = costOfTiers(tokens, pricesOf(provider, upstreamModel));
  if (cost !== undefined) return { cost: cost.total, priced: requests, unpriced: 0 };
  const isUsed = Object.values(tokens).some((count) => count > 0);
  return isUsed ? { cost: 0, priced: 0, unpriced: requests } : { cost: 0, priced: requests, unpriced: 0 };
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
