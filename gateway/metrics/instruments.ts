/**
 * What is counted, as Prometheus' library writes it. The counting is our own: that library brings a push gateway, a cluster
 * and the process's statistics along, a sixth of what a start took, so that it is loaded by whoever asks for the text.
 */

export type Labels = Readonly<Record<string, string>>;

type Type = "counter" | "gauge" | "histogram";

interface Sample {
  /** Where it is not the instrument's own name. */
  metricName?: string;
  labels: Labels;
  value: number;
}

/** All that the library's registry asks of a metric. */
export interface Instrument {
  readonly name: string;
  get(): Promise<{ name: string; help: string; type: Type; values: Sample[] }>;
}

export interface Counter extends Instrument {
  add(labels: Labels, amount?: number): void;
}

export interface Histogram extends Instrument {
  observe(labels: Labels, value: number): void;
}

interface Named {
  name: string;
  help: string;
}

export function createCounter(named: Named): Counter {
  const sums = seriesOf(() => ({ sum: 0 }));
  return {
    ...instrument(named, "counter", () => sums.all().map(({ labels, sum }) => ({ labels, value: sum }))),
    add(labels, amount = 1) {
      // What upstreams say of tokens may be nonsense, and a counter never falls.
      if (amount >= 0) sums.at(labels).sum += amount;
    },
  };
}

/** One that is read when somebody asks for it. */
export function createReading(
  { type, labels = {}, read, ...named }: Named & { type: "gauge" | "counter"; labels?: Labels; read: () => number },
): Instrument {
  return instrument(named, type, () => [{ labels, value: read() }]);
}

/** `buckets` are their upper bounds, in ascending order. */
export function createHistogram({ buckets, ...named }: Named & { buckets: readonly number[] }): Histogram {
  // Of each bucket alone, and last what is above them all.
  const distributions = seriesOf(() => ({ counts: Array<number>(buckets.length + 1).fill(0), sum: 0 }));

  function samplesOf({ labels, counts, sum }: { labels: Labels; counts: readonly number[]; sum: number }): Sample[] {
    let value = 0;
    const within = counts.map((more, at): Sample => ({
      metricName: `${named.name}_bucket`,
      labels: { ...labels, le: String(buckets[at] ?? "+Inf") },
      value: value += more,
    }));
    return [
      ...within,
      { metricName: `${named.name}_sum`, labels, value: sum },
      { metricName: `${named.name}_count`, labels, value },
    ];
  }

  return {
    ...instrument(named, "histogram", () => distributions.all().flatMap(samplesOf)),
    observe(labels, value) {
      const found = buckets.findIndex((bound) => value <= bound);
      const bucket = found < 0 ? buckets.length : found;
      const distribution = distributions.at(labels);
      distribution.counts[bucket] = (distribution.counts[bucket] ?? 0) + 1;
      distribution.sum += value;
    },
  };
}

function instrument({ name, help }: Named, type: Type, samples: () => Sample[]): Instrument {
  return { name, get: () => Promise.resolve({ name, help, type, values: samples() }) };
}

/** What is counted for one set of labels, or whatever begins with them. */
interface Branch<T> {
  series?: T & { labels: Labels };
  branches: Map<string, Branch<T>>;
}

/** What is counted for each set of labels; a metric is always given the same labels in the same order. */
function seriesOf<T extends object>(make: () => T) {
  const root: Branch<T> = { branches: new Map() };
  const all: (T & { labels: Labels })[] = [];
  return {
    /** Found by one label after another: a text made of all of them would be made, and hashed, for each observation. */
    at(labels: Labels): T {
      let branch = root;
      for (const name in labels) branch = branchAt(branch, labels[name] ?? "");
      if (branch.series === undefined) all.push(branch.series = { ...make(), labels });
      return branch.series;
    },
    all: () => all,
  };
}

function branchAt<T>({ branches }: Branch<T>, value: string): Branch<T> {
  let next = branches.get(value);
  if (next === undefined) branches.set(value, next = { branches: new Map() });
  return next;
}
