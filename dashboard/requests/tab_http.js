/** What went over the wire between the client and the gateway. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { Facts } from "../browser/facts.js";
import { formatBytes, formatWhole } from "../browser/format.js";

/** @import { RequestDetail } from "../shapes.ts" */

/** @param {{ detail: RequestDetail }} props */
export function HttpTab({ detail: { http, status, id, startedAt, end, chunks } }) {
  return html`<${Facts} facts=${[
    ["Request", http && html`<code>${http.method} ${http.path}</code>`],
    ["Status", status],
    ["Ended", { done: "complete", failed: "failed", cancelled: "the client left" }[end]],
    ["Began", html`<time datetime=${new Date(startedAt).toISOString()}>${new Date(startedAt).toISOString()}</time>`],
    ["Request id", html`<code>${id}</code>`],
    ["Client address", http?.address],
    ["Forwarded for", http?.forwardedFor && html`<code>${http.forwardedFor}</code> (as a proxy claims)`],
    ["User agent", http?.userAgent && html`<code>${http.userAgent}</code>`],
    ["Received", http?.received !== undefined && `${formatBytes(http.received)}`],
    ["Sent", http?.sent !== undefined && `${formatBytes(http.sent)}, without keep-alives`],
    ["Chunks with content", formatWhole(chunks)],
  ]} />${http?.headers && html`<${Headers} headers=${http.headers} />`}`;
}

/** @param {{ headers: Record<string, string> }} props */
function Headers({ headers }) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return html`
    <h3>Headers of the request</h3>
    <div class="code-view">
      <pre>${lines.join("\n")}</pre>
    </div>
  `;
}
