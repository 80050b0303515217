/** A body that was kept, whole or in part; or why it was not, and which setting would have kept it. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { CodeView, JsonView } from "../browser/code.js";
import { formatBytes } from "../browser/format.js";

/** @import { BodyShape, RequestDetail } from "../shapes.ts" */

/** @param {{ body: BodyShape, label: string }} props */
export function BodyView({ body: { json, text = "", bytes, capped }, label }) {
  return html`
    ${capped && html`<p class="notice warn">
      Only the beginning of ${
      formatBytes(bytes)
    } was kept. The setting <code>RECORD_LIMIT</code> (bytes) says how much is.
    </p>`}
    ${json === undefined
      ? html`<${CodeView} text=${text} label=${label} />`
      : html`<${JsonView} json=${json} label=${label} />`}
  `;
}

const REASONS = {
  off: "no request's and no answer's text is kept",
  errors: "the texts of a request and its answer are kept where it failed only",
  full: "the texts were not kept when this request was made, or it had none",
};

/** @param {{ detail: RequestDetail, what: string }} props */
export function NotKept({ detail: { bodies }, what }) {
  return html`
    <div class="empty">
      <h2>${what} was not kept</h2>
      <p>The setting <code>RECORD_BODIES</code> is <code>${bodies}</code>: ${REASONS[bodies]}.</p>
      ${bodies !== "full" && html`<p>
        <code>RECORD_BODIES=full</code>, or <code>bodies = "full"</code> under <code>[records]</code>, keeps those of the
        requests to come.
      </p>`}
    </div>
  `;
}
