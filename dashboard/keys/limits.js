/** The limits that a key can have: how they are called, and how what is used of them is shown. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatCost, formatCount, formatTime } from "../browser/format.js";

/** @typedef {{ name: string, title: string, isMoney?: boolean, hint?: string }} LimitField */

/** @type {readonly LimitField[]} */
export const LIMIT_FIELDS = [
  { name: "requestsPerMinute", title: "Requests per minute" },
  { name: "tokensPerMinute", title: "Tokens per minute" },
  { name: "tokensPerDay", title: "Tokens per day" },
  { name: "tokensPerMonth", title: "Tokens per month" },
  { name: "moneyPerDay", title: "USD per day", isMoney: true },
  { name: "moneyPerMonth", title: "USD per month", isMoney: true },
  { name: "concurrency", title: "Requests at a time", hint: "On each instance" },
];

/**
 * Every limit of a key with what is used of it.
 *
 * @param {{ limits: Record<string, any>, use: Record<string, { used: number, resetAt: number }> }} props
 */
export function Limits({ limits, use }) {
  const set = LIMIT_FIELDS.filter(({ name }) => limits[name] !== undefined);
  if (set.length === 0) return html`<p class="muted">No limits</p>`;
  return html`
    <dl class="limits">${set.map((field) =>
      html`<${Limit} key=${field.name} field=${field} limit=${limits[field.name]} use=${use[field.name]} />`
    )}</dl>
  `;
}

/** @param {{ field: LimitField, limit: number, use?: { used: number, resetAt: number } }} props */
function Limit({ field, limit, use }) {
  const format = field.isMoney ? formatCost : formatCount;
  if (use === undefined) {
    return html`
      <div>
        <dt>${field.title}</dt>
        <dd>${format(limit)}</dd>
      </div>
    `;
  }
  const share = Math.min(use.used / limit, 1);
  const level = share >= 1 ? "full" : share >= 0.8 ? "high" : "";
  return html`
    <div>
      <dt>${field.title}</dt>
      <dd>
        <span title=${`All free again at ${formatTime(use.resetAt)}`}>
          ${format(field.isMoney ? use.used : Math.round(use.used))} <span class="muted">of ${format(limit)}</span>
        </span>
        <meter class=${level} min="0" max="1" value=${share}
          aria-label=${`${field.title}: ${Math.round(share * 100)} % used`}></meter>
      </dd>
    </div>
  `;
}
