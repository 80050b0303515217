/** One request, under five tabs. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { formatCost, formatDuration, formatTime } from "../browser/format.js";
import { Tabs } from "../browser/tabs.js";
import { Repeat } from "./repeat.js";
import { StatusBadge } from "./list.js";
import { CostTab } from "./tab_cost.js";
import { HttpTab } from "./tab_http.js";
import { PerformanceTab } from "./tab_performance.js";
import { RequestTab } from "./tab_request.js";
import { ResponseTab } from "./tab_response.js";

/** @import { RequestDetail } from "../shapes.ts" */

const TABS = /** @type {const} */ ([
  { name: "request", title: "Request", View: RequestTab },
  { name: "response", title: "Response", View: ResponseTab },
  { name: "http", title: "HTTP", View: HttpTab },
  { name: "performance", title: "Performance", View: PerformanceTab },
  { name: "cost", title: "Cost", View: CostTab },
]);

/** @param {{ id: string, at: string | undefined, tab: string | undefined, choose: (tab: string) => void, close: () => void }} props */
export function Detail({ id, at, tab, choose, close }) {
  const { detail, problem } = useDetail(id, at);
  const { name, View } = TABS.find(({ name }) => name === tab) ?? TABS[1];
  return html`
    <aside class="panel detail" aria-label="One request">
      <header>
        <div class="title">
          <h2>${detail?.model ?? id}</h2>
          ${detail && html`<${StatusBadge} row=${detail} />`}
          <button type="button" class="plain close" onClick=${close} aria-label="Close" title="Close (Esc)">✕</button>
        </div>
        ${detail && html`
          <${Summary} detail=${detail} />
          <${Repeat} detail=${detail} key=${detail.id} />
        `}
      </header>
      ${problem && html`<p class="notice bad" role="alert">${problem}</p>`}
      ${detail && html`
        <${Tabs} label="Parts of the request" tabs=${TABS} chosen=${name} choose=${choose}>
          <${View} detail=${detail} key=${`${detail.startedAt}-${id}`} />
          <//>
      `}
    </aside>
  `;
}

/** @param {{ detail: RequestDetail }} props */
function Summary({ detail }) {
  const { startedAt, total, tokensPerSecond, ttft, cost } = detail;
  const facts = [
    formatTime(startedAt),
    `${formatDuration(total)} in all`,
    ttft !== undefined && `first content after ${formatDuration(ttft)}`,
    tokensPerSecond !== undefined && `${Math.round(tokensPerSecond)} tokens/s`,
    cost === null ? "cost unknown" : formatCost(cost.total),
  ];
  return html`
    <p class="muted">${facts.filter(Boolean).join(" · ")}</p>
    <p class="mono id">${detail.id}</p>
  `;
}

/**
 * @param {string} id
 * @param {string | undefined} at
 */
function useDetail(id, at) {
  const [state, setState] = useState(/** @type {{ detail?: RequestDetail, problem?: string }} */ ({}));
  useEffect(() => {
    const leaving = new AbortController();
    const time = at === undefined ? "" : `?at=${encodeURIComponent(at)}`;
    api(`requests/${encodeURIComponent(id)}${time}`, { signal: leaving.signal }).then(
      (detail) => setState({ detail }),
      (error) => leaving.signal.aborted || setState({ problem: error.message }),
    );
    return () => leaving.abort();
  }, [id, at]);
  return state;
}
