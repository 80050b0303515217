/** The plots of the overview. Where nothing happened counts are 0; times, and costs without prices, are gaps. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatCost, formatCount, formatDuration } from "../browser/format.js";
import { Chart } from "./chart.js";
import { lineUp } from "./line_up.js";

/** @import { FiguresShape, OverviewShape, SeriesShape } from "../shapes.ts" */

const PLOTS = /** @type {const} */ ([
  {
    title: "Requests",
    format: formatCount,
    lines: [
      {
        name: "All",
        colour: "--accent",
        bars: true,
        read: (/** @type {FiguresShape | undefined} */ figures) => figures?.requests ?? 0,
      },
      {
        name: "Failed",
        colour: "--bad",
        bars: true,
        read: (/** @type {FiguresShape | undefined} */ figures) => figures?.errors ?? 0,
      },
    ],
  },
  {
    title: "Tokens",
    format: formatCount,
    lines: [
      {
        name: "In",
        colour: "--accent",
        read: (/** @type {FiguresShape | undefined} */ figures) => figures?.input ?? 0,
      },
      {
        name: "Out",
        colour: "--warn",
        read: (/** @type {FiguresShape | undefined} */ figures) => figures?.output ?? 0,
      },
    ],
  },
  {
    title: "Cost",
    format: formatCost,
    lines: [{
      name: "Known",
      colour: "--good",
      bars: true,
      read: (/** @type {FiguresShape | undefined} */ figures) => figures === undefined ? 0 : figures.cost,
    }],
  },
  { title: "Time to first token", format: formatDuration, lines: percentiles("ttft") },
  { title: "Time per output token", format: formatDuration, lines: percentiles("tpot") },
]);

/** @param {"ttft" | "tpot"} name */
function percentiles(name) {
  const colours = { p50: "--accent", p90: "--warn", p99: "--bad" };
  return Object.entries(colours).map(([percentile, colour]) => ({
    name: percentile,
    colour,
    bars: false,
    read: (/** @type {FiguresShape | undefined} */ figures) =>
      figures?.[name]?.[/** @type {keyof typeof colours} */ (percentile)] ?? null,
  }));
}

/** @param {{ overview: OverviewShape, series: SeriesShape }} props */
export function Plots({ overview, series }) {
  return html`<div class="plots">${
    PLOTS.map(({ title, format, lines }) =>
      html`
        <${Chart} key=${title} title=${title} format=${format} span=${overview.span} lines=${lines}
          data=${lineUp(overview, lines.map(({ read }) => ({ series, read })))} />
      `
    )
  }
  </div>`;
}
