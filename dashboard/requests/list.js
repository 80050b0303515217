/** The table of requests. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { formatCost, formatCount, formatDuration, formatTime, UNKNOWN } from "../browser/format.js";
import { DIALECTS } from "./filter.js";

/** @import { RequestRow, RunningRow } from "../shapes.ts" */

/**
 * @param {{
 *   rows: RequestRow[],
 *   running: RunningRow[],
 *   opened: string | undefined,
 *   hrefOf: (row: RequestRow) => string,
 *   open: (row: RequestRow) => void,
 * }} props
 */
export function RequestList({ rows, running, opened, hrefOf, open }) {
  return html`
    <div class="panel list">
      <table>
        <thead>
          <tr>
            <th>Time</th>
            <th>Model</th>
            <th class="texts">Asked and answered</th>
            <th>Status</th>
            <th class="number speed"><abbr title="Time to first token">TTFT</abbr></th>
            <th class="number speed"><abbr title="Tokens a second">tok/s</abbr></th>
            <th class="number">Total</th>
            <th class="number tokens">Tokens</th>
            <th class="number cost">Cost</th>
          </tr>
        </thead>
        <tbody>
          ${running.map((row) => html`<${RunningRowView} key=${`running ${row.id}`} row=${row} />`)}
          ${rows.map((row) =>
            html`
              <tr key=${`${row.startedAt}-${row.id}`} class=${row.id === opened ? "opened" : ""} onClick=${() =>
                open(row)}>
                <td class="time"><a href=${hrefOf(row)} data-row=${row.id} aria-current=${row.id === opened
                  ? "true"
                  : undefined}
                  onClick=${(/** @type {MouseEvent} */ event) => follow(event, () => open(row))}>${formatTime(
                    row.startedAt,
                  )}</a></td>
                <td class="model">
                  <${ModelCell} row=${row} />
                </td>
                <td class="texts">
                  <${TextsCell} row=${row} />
                </td>
                <td>
                  <${StatusBadge} row=${row} />
                </td>
                <td class="number speed">${formatDuration(row.ttft)}</td>
                <td class="number speed">${row.tpot ? formatCount(Math.round(1000 / row.tpot)) : UNKNOWN}</td>
                <td class="number">${formatDuration(row.total)}</td>
                <td class="number tokens">
                  <${TokensCell} row=${row} />
                </td>
                <td class="number cost">${formatCost(row.cost?.total)}</td>
              </tr>
            `
          )}
        </tbody>
      </table>
    </div>
  `;
}

/**
 * The link works as any other: opened in a new tab, say.
 *
 * @param {MouseEvent} event
 * @param {() => void} open
 */
function follow(event, open) {
  event.stopPropagation();
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  open();
}

/** @param {{ row: RequestRow | RunningRow }} props */
function ModelCell({ row }) {
  const { model, provider, dialect, key } = row;
  const details = [provider, DIALECTS[/** @type {keyof typeof DIALECTS} */ (dialect)] ?? dialect, key].filter(Boolean);
  // The line below says the provider already.
  const name = provider !== undefined && model?.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model;
  return html`<span class="name" title=${model}>${name ?? UNKNOWN}</span><span class="under">${
    details.join(" · ")
  }</span>`;
}

/** @param {{ row: RequestRow }} props */
function TextsCell({ row: { asked, said, error } }) {
  if (!asked && !said) return html`<span class="under">${error ?? ""}</span>`;
  return html`<span class="name">${asked ?? ""}</span><span class="under">${said ?? error ?? ""}</span>`;
}

/** @param {{ row: RequestRow }} props */
function TokensCell({ row: { usage } }) {
  if (usage === undefined) return UNKNOWN;
  const about = usage.estimated ? "≈ " : "";
  return html`<span title=${`${usage.input} in, ${usage.output} out${
    usage.estimated ? ", counted here" : ""
  }`}>${about}${formatCount(usage.input)} → ${formatCount(usage.output)}</span>`;
}

/** @param {{ row: Pick<RequestRow, "status" | "end" | "error"> }} props */
export function StatusBadge({ row: { status, end, error } }) {
  if (end === "cancelled") return html`<span class="badge" title="The client left before the end">left</span>`;
  if (end === "done") return html`<span class="badge good">${status ?? "done"}</span>`;
  // The head was sent before it failed: the status alone would look like success.
  const isInside = status !== undefined && status < 400;
  return html`<span class="badge bad" title=${error}>${isInside ? "broken" : status ?? "failed"}</span>`;
}

/** @param {{ row: RunningRow }} props */
function RunningRowView({ row }) {
  const now = useNow();
  return html`
    <tr class="running">
      <td class="time">${formatTime(row.startedAt)}</td>
      <td class="model">
        <${ModelCell} row=${row} />
      </td>
      <td class="texts"><span class="under">${row.chunks === 0
        ? "Waiting for the first token"
        : `${formatCount(row.chunks)} chunks so far`}</span></td>
      <td><span class="badge live">running</span></td>
      <td class="number speed">${formatDuration(row.ttft)}</td>
      <td class="number speed">${UNKNOWN}</td>
      <td class="number">${formatDuration(Math.max(0, now - row.startedAt))}</td>
      <td class="number tokens">${UNKNOWN}</td>
      <td class="number cost">${UNKNOWN}</td>
    </tr>
  `;
}

function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return now;
}
