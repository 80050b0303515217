/** What came of testing a connection. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { formatDuration, formatWhole } from "../browser/format.js";

/**
 * What came of it, or why nothing did; it is under way while it is `"running"`.
 *
 * @typedef {import("./shapes.ts").TrialShape | "running" | { failed: string } | undefined} Trial
 */

/** @param {{ trial: Trial }} props */
export function TrialResult({ trial }) {
  if (trial === undefined) return null;
  if (trial === "running") return html`<p class="notice" role="status">Testing the connection …</p>`;
  if ("failed" in trial) return html`<p class="notice bad" role="alert">${trial.failed}</p>`;
  const { verdict, message, milliseconds, models, model, detail } = trial;
  const facts = [
    formatDuration(milliseconds),
    models !== undefined && `${formatWhole(models)} model${models === 1 ? "" : "s"}`,
    model !== undefined && `asked ${model}`,
  ].filter(Boolean);
  return html`
    <div class="notice trial ${verdict === "ok" ? "good" : verdict === "no-models" ? "warn" : "bad"}" role="status">
      <p><strong>${message}.</strong> <span class="facts">${facts.join(" · ")}</span></p>
      ${detail && html`<pre>${detail}</pre>`}
    </div>
  `;
}
