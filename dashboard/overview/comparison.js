/** One measure of the busiest groups over time, a line for each. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatCost, formatCount, formatDuration } from "../browser/format.js";
import { Chart } from "./chart.js";
import { NOBODY } from "./groups.js";
import { lineUp } from "./line_up.js";

/** @import { OverviewShape } from "../shapes.ts" */
/** @import { Reading } from "./line_up.js" */

/**
 * @typedef {object} Measure
 * @property {string} name
 * @property {(value: number | null | undefined) => string} format
 * @property {Reading} read
 */

/** @satisfies {Record<string, Measure>} */
export const MEASURES = {
  requests: { name: "Requests", format: formatCount, read: (figures) => figures?.requests ?? 0 },
  errors: { name: "Errors", format: formatCount, read: (figures) => figures?.errors ?? 0 },
  input: { name: "Tokens in", format: formatCount, read: (figures) => figures?.input ?? 0 },
  output: { name: "Tokens out", format: formatCount, read: (figures) => figures?.output ?? 0 },
  cost: { name: "Cost", format: formatCost, read: (figures) => figures === undefined ? 0 : figures.cost },
  ttft: { name: "Time to first token (p50)", format: formatDuration, read: (figures) => figures?.ttft?.p50 ?? null },
  tpot: { name: "Time per output token (p50)", format: formatDuration, read: (figures) => figures?.tpot?.p50 ?? null },
};

/** Each with a dash of its own, for those who do not see the colours apart. */
const STROKES = [
  { colour: "--line-1" },
  { colour: "--line-2", dash: [9, 4] },
  { colour: "--line-3", dash: [2, 3] },
  { colour: "--line-4" },
  { colour: "--line-5", dash: [9, 4] },
  { colour: "--line-6", dash: [2, 3] },
];

/**
 * @param {{
 *   overview: OverviewShape,
 *   by: keyof typeof NOBODY,
 *   measure: keyof typeof MEASURES,
 *   choose: (measure: keyof typeof MEASURES) => void,
 * }} props
 */
export function Comparison({ overview, by, measure, choose }) {
  const { format, read } = MEASURES[measure];
  const groups = overview.groups.slice(0, STROKES.length);
  const lines = groups.map(({ name }, place) => ({ ...STROKES[place], name: name ?? NOBODY[by] }));
  const title = html`
    <select aria-label="Compared" value=${measure}
      onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
        choose(/** @type {keyof typeof MEASURES} */ (currentTarget.value))}>
      ${Object.entries(MEASURES).map(([value, { name }]) => html`<option key=${value} value=${value}>${name}</option>`)}
    </select>
    ${overview.groups.length > groups.length && html`<span class="muted">the busiest ${groups.length}</span>`}
  `;
  return html`
    <${Chart} title=${title} format=${format} span=${overview.span} lines=${lines}
      data=${lineUp(overview, groups.map((series) => ({ series, read })))} />
  `;
}
