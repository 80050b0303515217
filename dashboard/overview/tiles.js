/** The figures of the whole time, large. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatCost, formatCount, formatDuration, formatWhole, UNKNOWN } from "../browser/format.js";

/** @import { FiguresShape } from "../shapes.ts" */

/** @param {{ figures: FiguresShape }} props */
export function Tiles({ figures }) {
  const { requests, errors, cancelled, input, output, cached, reasoning, cost, unpriced, ttft, tpot } = figures;
  return html`
    <dl class="tiles">
      <${Tile} name="Requests" value=${formatCount(requests)} note=${cancelled > 0
        ? `${formatCount(cancelled)} left early`
        : ""} />
      <${Tile} name="Errors" value=${formatShare(errors, requests)} note=${`${
        formatWhole(errors)
      } failed`} bad=${errors > 0} />
      <${Tile} name="Tokens in" value=${formatCount(input)} note=${`${formatCount(cached)} cached`} />
      <${Tile} name="Tokens out" value=${formatCount(output)} note=${`${formatCount(reasoning)} thinking`} />
      <${Tile} name="Cost" value=${formatCost(cost)} note=${costNote({ cost, unpriced, requests })} />
      <${Tile} name="First token" value=${formatDuration(ttft?.p50)} note=${ttft
        ? `p90 ${formatDuration(ttft.p90)}`
        : "nothing measured"} />
      <${Tile} name="Speed" value=${tpot ? `${formatCount(Math.round(1000 / tpot.p50))} tok/s` : UNKNOWN} note=${tpot
        ? `${formatDuration(tpot.p50)} a token`
        : "nothing measured"} />
    </dl>
  `;
}

/** @param {{ name: string, value: string, note: string, bad?: boolean }} props */
function Tile({ name, value, note, bad = false }) {
  return html`
    <div class="panel tile">
      <dt>${name}</dt>
      <dd class=${bad ? "value bad" : "value"}>${value}</dd>
      <dd class="note">${note}</dd>
    </div>
  `;
}

/** @param {{ cost: number | null, unpriced: number, requests: number }} figures */
function costNote({ cost, unpriced, requests }) {
  if (unpriced === 0) return requests === 0 ? "" : "all prices known";
  return cost === null ? "no price is known" : `+ ${formatCount(unpriced)} unpriced`;
}

/**
 * @param {number} part
 * @param {number} whole
 */
export function formatShare(part, whole) {
  if (whole === 0) return UNKNOWN;
  const percent = 100 * part / whole;
  return percent === 0 ? "0 %" : percent < 0.1 ? "< 0.1 %" : `${percent.toFixed(1)} %`;
}
