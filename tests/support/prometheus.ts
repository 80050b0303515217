/** Prometheus' text format, read by a parser that is not the writer's. */

import parse from "parse-prometheus-text-format";

export interface Samples {
  /** The type of each metric, by its name. */
  types: Record<string, string>;
  /** The sum of a metric's samples that have these labels. */
  sum(name: string, labels: Record<string, string>): number;
  /** The sum of a histogram's counts that have these labels. */
  count(name: string, labels: Record<string, string>): number;
}

interface Family {
  name: string;
  type: string;
  metrics: { value?: string; labels?: Record<string, string> }[];
}

export function parseMetrics(text: string): Samples {
  // The parser drops the labels of histograms; their lines as plain samples keep them.
  const types = Object.fromEntries((parse(text) as Family[]).map(({ name, type }) => [name, type]));
  const families = parse(text.replaceAll(/^(# TYPE \S+) histogram$/gm, "$1 untyped")) as Family[];
  const matching = (name: string, labels: Record<string, string>) =>
    (families.find((family) => family.name === name)?.metrics ?? []).filter((metric) =>
      Object.entries(labels).every(([label, value]) => metric.labels?.[label] === value)
    );
  const total = (values: (string | undefined)[]) => values.reduce((sum, value) => sum + Number(value), 0);
  return {
    types,
    sum: (name, labels) => total(matching(name, labels).map(({ value }) => value)),
    count: (name, labels) => total(matching(`${name}_count`, labels).map(({ value }) => value)),
  };
}
