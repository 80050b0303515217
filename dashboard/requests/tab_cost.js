/** What it cost at today's prices, by kind of token; each token is billed once. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatCost, formatWhole } from "../browser/format.js";

/** @import { RequestDetail } from "../shapes.ts" */

/** @param {{ detail: RequestDetail }} props */
export function CostTab({ detail: { usage, cost, tariff, provider, upstreamModel } }) {
  if (usage === undefined) {
    return html`
      <div class="empty">
        <h2>No tokens were counted</h2>
        <p>No upstream answered, so there is nothing to pay.</p>
      </div>
    `;
  }
  const { input, output, cached = 0, cacheWrite = 0, cacheWriteHour = 0, reasoning = 0, estimated } = usage;
  const rows = /** @type {const} */ ([
    ["Input", input - cached - cacheWrite - cacheWriteHour, cost?.input],
    ["Input read from the cache", cached, cost?.cached],
    ["Input written to the cache", cacheWrite, cost?.cacheWrite],
    ["Input written to the cache for an hour", cacheWriteHour, cost?.cacheWriteHour],
    ["Output", output - reasoning, cost?.output],
    ["Reasoning", reasoning, cost?.reasoning],
  ]).filter(([name, count]) => count > 0 || name === "Input" || name === "Output");
  return html`
    ${estimated &&
      html`<p class="notice">The upstream gave no counts: these were counted here, and may differ a little.</p>`}
    ${cost === null && html`<p class="notice warn">
      The cost is unknown, as <code>models.json</code> has no price for all that ${provider}/${upstreamModel} used.
    </p>`}
    <table class="costs">
      <thead>
        <tr>
          <th>Tokens</th>
          <th class="number">Count</th>
          <th class="number">Cost</th>
        </tr>
      </thead>
      <tbody>${rows.map(([name, count, dollars]) =>
        html`
          <tr key=${name}>
            <td>${name}</td>
            <td class="number">${formatWhole(count)}</td>
            <td class="number">${formatCost(dollars)}</td>
          </tr>
        `
      )}
      </tbody>
      <tfoot>
        <tr>
          <th>In all</th>
          <td class="number">${formatWhole(input + output)}</td>
          <td class="number">${formatCost(cost?.total)}</td>
        </tr>
      </tfoot>
    </table>
    <p class="muted">
      At today's prices${tariff &&
        html`, by the tariff <code>${tariff}</code> of <code>models.json</code>`}: a price that is
      corrected corrects the past as well.
    </p>
  `;
}
