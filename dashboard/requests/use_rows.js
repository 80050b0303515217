/** The rows that the list shows: a page of the past, and on the newest page what happens meanwhile. */
/// <reference lib="dom" />

import { useEffect, useState } from "preact/hooks";
import { formatSearch, matchesRunning, queryOf } from "./filter.js";
import { loadRows, PAGE_ROWS } from "./load_rows.js";

/** @import { RequestRow, RunningRow } from "../shapes.ts" */
/** @import { Filter } from "./filter.js" */
/** @import { Rows } from "./load_rows.js" */

/** What is typed is not asked for at every letter. */
const PAUSE = 250;

/**
 * @param {Filter} filter
 * @param {string | undefined} before
 */
export function useRows(filter, before) {
  const [page, setPage] = useState(/** @type {Rows | undefined} */ (undefined));
  const [running, setRunning] = useState(/** @type {RunningRow[]} */ ([]));
  const [isLive, setLive] = useState(false);
  const [problem, setProblem] = useState(/** @type {string | undefined} */ (undefined));
  const [turn, setTurn] = useState(0);
  const wanted = formatSearch(filter, { before });
  const reload = () => setTurn((last) => last + 1);

  useEffect(() => {
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      loadRows(queryOf(filter), { before, signal: leaving.signal, progress: setPage })
        .then(() => setProblem(undefined), (error) => leaving.signal.aborted || setProblem(String(error.message)));
    }, page === undefined ? 0 : PAUSE);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [wanted, turn]);

  useEffect(() => {
    if (before !== undefined || filter.to) return;
    return watch(filter, {
      opened: setLive,
      missed: reload,
      running: (rows) => setRunning(rows.filter((row) => matchesRunning(filter, row))),
      ended: (rows) => setPage((last) => last && withNewest(last, rows)),
    });
  }, [wanted]);

  // A list that grew to twice its size begins anew, so that the page never grows without end.
  useEffect(() => {
    if (page !== undefined && page.rows.length > 2 * PAGE_ROWS) reload();
  }, [page]);

  const isNewest = before === undefined;
  return { page, running: isNewest ? running : [], isLive: isNewest && isLive, problem, reload };
}

/**
 * @param {Rows} page
 * @param {RequestRow[]} fresh
 * @returns {Rows}
 */
function withNewest(page, fresh) {
  const known = new Set(page.rows.map(({ id, startedAt }) => `${startedAt}-${id}`));
  const added = fresh.filter(({ id, startedAt }) => !known.has(`${startedAt}-${id}`));
  if (added.length === 0) return page;
  return { ...page, rows: [...added, ...page.rows].sort((a, b) => b.startedAt - a.startedAt) };
}

/**
 * Listens for as long as somebody looks; the returned function ends it.
 *
 * @param {Filter} filter
 * @param {{
 *   opened: (isOpen: boolean) => void,
 *   missed: () => void,
 *   running: (rows: RunningRow[]) => void,
 *   ended: (rows: RequestRow[]) => void,
 * }} told
 */
function watch(filter, told) {
  /** @type {EventSource | undefined} */
  let source;
  let isFirst = true;
  function open() {
    source = new EventSource(`/admin/requests/live?${queryOf(filter)}`);
    source.addEventListener("open", () => {
      told.opened(true);
      if (!isFirst) told.missed();
      isFirst = false;
    });
    source.addEventListener("error", () => told.opened(false));
    source.addEventListener("running", ({ data }) => told.running(JSON.parse(data)));
    source.addEventListener("ended", ({ data }) => told.ended(JSON.parse(data)));
  }
  function close() {
    source?.close();
    source = undefined;
    told.opened(false);
  }
  const changed = () => document.hidden ? close() : source ?? open();
  document.addEventListener("visibilitychange", changed);
  // What leaves for another page lets its connection go: a browser keeps few to one host.
  addEventListener("pagehide", close);
  changed();
  return () => {
    document.removeEventListener("visibilitychange", changed);
    removeEventListener("pagehide", close);
    close();
  };
}
