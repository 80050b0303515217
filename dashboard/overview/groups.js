/** The same figures by provider, model or key, the busiest first. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatCost, formatCount, formatDuration, UNKNOWN } from "../browser/format.js";
import { formatShare } from "./tiles.js";

/** @import { SeriesShape } from "../shapes.ts" */

export const NOBODY = { provider: "no provider", model: "no model", key: "no key" };

/** @param {{ groups: SeriesShape[], by: keyof typeof NOBODY }} props */
export function Groups({ groups, by }) {
  return html`
    <div class="panel scroll" tabindex="0" role="region" aria-label="Figures by group">
      <table class="groups">
        <thead>
          <tr>
            <th>Name</th>
            <th class="number">Requests</th>
            <th class="number">Errors</th>
            <th class="number">Tokens in</th>
            <th class="number">Tokens out</th>
            <th class="number">Cost</th>
            <th class="number">TTFT p50</th>
            <th class="number">TTFT p90</th>
            <th class="number">tok/s</th>
          </tr>
        </thead>
        <tbody>${groups.map(({ name, total }) =>
          html`
            <tr key=${name}>
              <td>${name === null ? html`<span class="muted">${NOBODY[by]}</span>` : html`
                <a href=${`/dashboard/requests?${new URLSearchParams({ [by]: filterOf(name, by) })}`}>${name}</a>
              `}</td>
              <td class="number">${formatCount(total.requests)}</td>
              <td class=${total.errors > 0 ? "number bad" : "number"}>${formatShare(total.errors, total.requests)}</td>
              <td class="number">${formatCount(total.input)}</td>
              <td class="number">${formatCount(total.output)}</td>
              <td class="number" title=${total.unpriced > 0
                ? `${total.unpriced} requests have no known price`
                : undefined}>${formatCost(total.cost)}${total.cost !== null && total.unpriced > 0 ? " +?" : ""}</td>
              <td class="number">${formatDuration(total.ttft?.p50)}</td>
              <td class="number">${formatDuration(total.ttft?.p90)}</td>
              <td class="number">${total.tpot ? formatCount(Math.round(1000 / total.tpot.p50)) : UNKNOWN}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

/**
 * Requests are found by the upstream's own name of a model, without its provider.
 *
 * @param {string} name
 * @param {string} by
 */
function filterOf(name, by) {
  return by === "model" ? name.slice(name.indexOf("/") + 1) : name;
}
