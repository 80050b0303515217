/** What the client sent, and what of it the upstream could not be told. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { Facts } from "../browser/facts.js";
import { BodyView, NotKept } from "./body.js";
import { DIALECTS } from "./filter.js";

/** @import { RequestDetail } from "../shapes.ts" */

/** @param {{ detail: RequestDetail }} props */
export function RequestTab({ detail }) {
  const { dialect, stream, mode, model, provider, upstreamModel, key, lost, request } = detail;
  return html`
    <${Facts} facts=${[
      ["Dialect", DIALECTS[/** @type {keyof typeof DIALECTS} */ (dialect)] ?? dialect],
      ["Model", model],
      ["Answered by", provider && `${provider}/${upstreamModel ?? model}`],
      ["Client asked for", stream ? "a stream" : "one JSON answer"],
      ["Mode", mode],
      ["Key", key],
    ]} />
    ${lost.length > 0 && html`
      <h3>Not passed on</h3>
      <ul class="lost">${lost.map(({ path, reason }) => html`<li key=${path}><code>${path}</code> ${reason}</li>`)}</ul>
    `}
    ${request === undefined
      ? html`<${NotKept} detail=${detail} what="The request's text" />`
      : html`<${BodyView} body=${request} label="The request's JSON" />`}
  `;
}
