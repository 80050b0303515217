/**
 * What counts, and its text in Prometheus' format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats. The
 * library for Node.js brings a push gateway, a cluster and the process's statistics along: more than all else that a start
 * waited for.
 */

export type Labels = Readonly<Record<string, string>>;

/** Its samples, one a line. */
export interface Instrument {
  lines(): string[];
}

export interface Counter extends Instrument {
  add(labels: Labels, amount?: number): void;
}

export interface Histogram extends Instrument {
  observe(labels: Labels, value: number): void;
}

interface Named {
  name: string;
  /** One line, without a backslash. */
  help: string;
}

export function createCounter(named: Named): Counter {
  const sums = new Map<string, number>();
  return {
    add(labels, amount = 1) {
      // What upstreams say of tokens may be nonsense, and a counter never falls.
      if (!(amount >= 0)) return;
      const series = formatLabels(labels);
      sums.set(series, (sums.get(series) ?? 0) + amount);
    },
    lines: () => [...head(named, "counter"), ...[...sums].map(([series, sum]) => `${named.name}{${series}} ${sum}`)],
  };
}

/** One that is read when somebody asks for it. */
export function createReading(
  { type, labels = {}, read, ...named }: Named & { type: "gauge" | "counter"; labels?: Labels; read: () => number },
): Instrument {
  const series = formatLabels(labels);
  return { lines: () => [...head(named, type), `${named.name}${series && `{${series}}`} ${read()}`] };
}

interface Distribution {
  /** Of each bucket alone, and last what is above them all. */
  counts: number[];
  sum: number;
}

/** `buckets` are their upper bounds, in ascending order. */
export function createHistogram({ buckets, ...named }: Named & { buckets: readonly number[] }): Histogram {
  const distributions = new Map<string, Distribution>();
  return {
    observe(labels, value) {
      const series = formatLabels(labels);
      const known = distributions.get(series) ?? { counts: Array(buckets.length + 1).fill(0), sum: 0 };
      const found = buckets.findIndex((bound) => value <= bound);
      const bucket = found < 0 ? buckets.length : found;
      known.counts[bucket] = (known.counts[bucket] ?? 0) + 1;
      known.sum += value;
      distributions.set(series, known);
    },
    lines: () => [
      ...head(named, "histogram"),
      ...[...distributions].flatMap(([series, found]) => formatDistribution(named.name, series, { buckets, ...found })),
    ],
  };
}

function formatDistribution(
  name: string,
  series: string,
  { buckets, counts, sum }: Distribution & { buckets: readonly number[] },
): string[] {
  let count = 0;
  const lines = counts.map((more, at) => `${name}_bucket{${series},le="${buckets[at] ?? "+Inf"}"} ${count += more}`);
  return [...lines, `${name}_sum{${series}} ${sum}`, `${name}_count{${series}} ${count}`];
}

function head({ name, help }: Named, type: "counter" | "gauge" | "histogram"): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function formatLabels(labels: Labels): string {
  return Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`).join();
}

function escape(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => character === "\n" ? "\\n" : `\\${character}`);
}
