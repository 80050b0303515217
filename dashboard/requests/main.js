/** The list of requests, newest first. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { formatCost, formatCount, formatDuration, formatTime } from "../browser/format.js";
import { startPage } from "../browser/start_page.js";

function Requests() {
  const [rows, setRows] = useState(/** @type {any[] | undefined} */ (undefined));
  useEffect(() => void api("requests").then(({ requests }) => setRows(requests)), []);
  return html`
    <div class="page-head">
      <h1>Requests</h1>
    </div>
    <div class="panel">
      <table>
        <thead>
          <tr>
            <th>Time</th>
            <th>Model</th>
            <th>Status</th>
            <th class="number">TTFT</th>
            <th class="number">Total</th>
            <th class="number">Tokens</th>
            <th class="number">Cost</th>
          </tr>
        </thead>
        <tbody>${rows?.map((row) =>
          html`
            <tr key=${row.id}>
              <td class="number">${formatTime(row.startedAt)}</td>
              <td>${row.model}</td>
              <td>${row.status}</td>
              <td class="number">${formatDuration(row.ttft)}</td>
              <td class="number">${formatDuration(row.total)}</td>
              <td class="number">${formatCount(row.usage?.output)}</td>
              <td class="number">${formatCost(row.cost?.total)}</td>
            </tr>
          `
        )}</tbody>
      </table>
    </div>
  `;
}

startPage(Requests);
