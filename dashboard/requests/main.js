/** The page of requests: the list, its filters, its keys, and beside it the request that is open. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { formatTime } from "../browser/format.js";
import { startPage } from "../browser/start_page.js";
import { Detail } from "./detail.js";
import { formatSearch, queryOf, readFilter } from "./filter.js";
import { FilterBar } from "./filter_bar.js";
import { RequestList } from "./list.js";
import { useKeys } from "./use_keys.js";
import { useRows } from "./use_rows.js";

/** @import { RequestRow } from "../shapes.ts" */
/** @import { Filter } from "./filter.js" */

/** What the URL says: the filter, the page, the request that is open and its tab. */
function readPlace() {
  const asked = new URLSearchParams(location.search);
  const [before, id, at, tab] = ["before", "id", "at", "tab"].map((name) => asked.get(name) ?? undefined);
  return { filter: readFilter(location.search), before, id, at, tab };
}

function usePlace() {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const read = () => setPlace(readPlace());
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  /** @param {Partial<ReturnType<typeof readPlace>>} changes */
  function hrefOf(changes) {
    const { filter, ...rest } = { ...place, ...changes };
    return location.pathname + formatSearch(filter, rest);
  }
  /**
   * @param {Partial<ReturnType<typeof readPlace>>} changes
   * @param {{ replace?: boolean }} [options]
   */
  function go(changes, { replace = false } = {}) {
    history[replace ? "replaceState" : "pushState"](null, "", hrefOf(changes));
    setPlace(readPlace());
  }
  return { place, hrefOf, go };
}

function Requests() {
  const { place, hrefOf, go } = usePlace();
  const { filter, before, id, at, tab } = place;
  const { page, running, isLive, problem, reload } = useRows(filter, before);
  const [newer, setNewer] = useState(/** @type {(string | undefined)[]} */ ([]));
  const rows = page?.rows ?? [];
  /** @param {RequestRow} row */
  const placeOf = (row) => ({ id: row.id, at: String(row.startedAt) });
  const close = () => {
    go({ id: undefined, at: undefined, tab: undefined });
    if (id !== undefined) {
      queueMicrotask(() =>
        /** @type {HTMLElement | null} */ (document.querySelector(`[data-row="${CSS.escape(id)}"]`))?.focus()
      );
    }
  };
  useKeys({ rows, opened: id, open: (row) => go(placeOf(row), { replace: id !== undefined }), close });

  /** @param {Filter} changes */
  function change(changes) {
    setNewer([]);
    go({ filter: { ...filter, ...changes }, before: undefined }, { replace: true });
  }
  /** @param {string | undefined} to */
  function turn(to) {
    go({ before: to });
    // The button stands under the list, and the new page is read from its top.
    scrollTo({ top: 0 });
  }
  function older() {
    setNewer([...newer, before]);
    turn(page?.next ?? undefined);
  }
  function goNewer() {
    turn(newer.at(-1));
    setNewer(newer.slice(0, -1));
  }

  return html`
    <div class=${id === undefined ? "requests" : "requests open"}>
    <div class="page-head">
      <h1>Requests</h1>
      <${LiveMark} isLive=${isLive} before=${before} />
      <div class="end">
        <a class="plain" href=${`/admin/export?format=ndjson&${queryOf(filter)}`} download>Export NDJSON</a>
        <a class="plain" href=${`/admin/export?format=csv&${queryOf(filter)}`} download>Export CSV</a>
      </div>
    </div>
    <${FilterBar} filter=${filter} change=${change} />
    ${problem && html`
      <p class="notice bad"
        role="alert">${problem} <button type="button" class="plain" onClick=${reload}>Try again</button></p>
    `}
    <div class=${id === undefined ? "split" : "split open"}>
      <div class="split-list">
        ${page && rows.length + running.length === 0 && page.reached === undefined
          ? html`<${Nothing} isFiltered=${Object.values(filter).some(Boolean)} />`
          : html`
            <${RequestList} rows=${rows} running=${running} opened=${id} hrefOf=${(/** @type {RequestRow} */ row) =>
              hrefOf(placeOf(row))}
              open=${(/** @type {RequestRow} */ row) => go(placeOf(row), { replace: id !== undefined })} />
          `}
        <div class="pager">
          ${before !== undefined && html`<button type="button" class="plain" onClick=${goNewer}>← Newer</button>`}
          <span class="muted" role="status">${page?.reached !== undefined &&
            `Looking further back than ${formatTime(page.reached)} …`}</span>
          ${page?.next && page.reached === undefined &&
            html`<button type="button" class="plain" onClick=${older}>Older →</button>`}
        </div>
      </div>
      ${id !== undefined && html`
        <${Detail} id=${id} at=${at} tab=${tab} close=${close}
          choose=${(/** @type {string} */ name) => go({ tab: name }, { replace: true })} />
      `}
    </div>
    </div>
  `;
}

/** @param {{ isLive: boolean, before: string | undefined }} props */
function LiveMark({ isLive, before }) {
  if (before !== undefined) return html`<span class="badge">older requests</span>`;
  return isLive ? html`<span class="badge live">live</span>` : html`<span class="badge warn">not live</span>`;
}

/** @param {{ isFiltered: boolean }} props */
function Nothing({ isFiltered }) {
  return html`
    <div class="panel empty">
      <h2>${isFiltered ? "No request is like that" : "No request yet"}</h2>
      <p>${isFiltered
        ? "Take a filter away, or look at another time."
        : html`Ask <code>demo/echo</code> something, and it appears here while it is answered.`}</p>
    </div>
  `;
}

startPage(Requests);
