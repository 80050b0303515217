/** A page of the list: asked for until it is full, as the server stops looking after a while. */
/// <reference lib="dom" />

import { api } from "../browser/api.js";

/** @import { RequestPageShape, RequestRow } from "../shapes.ts" */

export const PAGE_ROWS = 50;

/**
 * @typedef {object} Rows
 * @property {RequestRow[]} rows
 * @property {string | null} next where the next page begins
 * @property {number} [reached] how far back it has looked, while it is looking
 */

/**
 * @param {URLSearchParams} query
 * @param {{ before?: string | undefined, signal: AbortSignal, progress: (rows: Rows) => void }} options
 */
export async function loadRows(query, { before, signal, progress }) {
  /** @type {RequestRow[]} */
  let rows = [];
  /** @type {string | null} */
  let next = before ?? null;
  do {
    const asked = new URLSearchParams(query);
    asked.set("limit", String(PAGE_ROWS - rows.length));
    if (next !== null) asked.set("before", next);
    /** @type {RequestPageShape} */
    const page = await api(`requests?${asked}`, { signal });
    rows = [...rows, ...page.requests];
    next = page.next;
    const isOver = next === null || rows.length >= PAGE_ROWS;
    progress({ rows, next, ...(!isOver && next !== null && { reached: Number(next.split("-")[0]) }) });
  } while (next !== null && rows.length < PAGE_ROWS && !signal.aborted);
}
