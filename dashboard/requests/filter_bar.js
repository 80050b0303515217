/** The row of filters above the list. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { DIALECTS } from "./filter.js";

/** @import { Filter } from "./filter.js" */

const STATUSES = {
  "2": "2xx",
  "4": "4xx",
  "5": "5xx",
  "400": "400",
  "403": "403",
  "404": "404",
  "429": "429",
  "502": "502",
  "503": "503",
  "504": "504",
};
const ENDS = { done: "Done", failed: "Failed", cancelled: "Client left" };
const TIMES = { "1h": "Last hour", "24h": "Last 24 hours", "7d": "Last 7 days", range: "From … to …" };

/** @param {{ filter: Filter, change: (changes: Filter) => void }} props */
export function FilterBar({ filter, change }) {
  const names = useNames();
  /** @param {keyof Filter} name */
  const text = (name) => ({
    name,
    value: filter[name] ?? "",
    /** @param {{ currentTarget: HTMLInputElement }} event */
    onInput: ({ currentTarget }) => change({ [name]: currentTarget.value.trim() }),
    onFocus: names.load,
  });
  /** @param {keyof Filter} name */
  const choice = (name) => ({
    name,
    value: filter[name] ?? "",
    /** @param {{ currentTarget: HTMLSelectElement }} event */
    onChange: ({ currentTarget }) => change({ [name]: currentTarget.value }),
  });
  const count = Object.values(filter).filter(Boolean).length;
  const [isAll, setAll] = useState(false);
  return html`
    <form class=${isAll ? "filters all" : "filters"} role="search" onSubmit=${(/** @type {Event} */ event) =>
      event.preventDefault()}>
      <input type="search" id="search" class="wide" placeholder="Search (/)" aria-label="Search"
        aria-keyshortcuts="/" ...${text("text")} />
      <button type="button" class="plain more" aria-expanded=${String(isAll)} onClick=${() =>
        setAll(!isAll)}>${count > 0 ? `Filters (${count})` : "Filters"}</button>
      <input type="search" placeholder="Model" aria-label="Model" list="models" ...${text("model")} />
      <input type="search" placeholder="Provider" aria-label="Provider" list="providers" ...${text("provider")} />
      <input type="search" placeholder="Key" aria-label="Key" list="keys" ...${text("key")} />
      <select aria-label="Dialect" ...${choice("dialect")}>${options("Any dialect", DIALECTS)}</select>
      <select aria-label="Status" ...${choice("status")}>${options("Any status", STATUSES)}</select>
      <select aria-label="How it ended" ...${choice("end")}>${options("Any end", ENDS)}</select>
      <select aria-label="Time" ...${choice("since")}>${options("Any time", TIMES)}</select>
      ${filter.since === "range" && html`
        <input type="datetime-local" aria-label="From" ...${text("from")} />
        <input type="datetime-local" aria-label="To" ...${text("to")} />
      `}
      ${count > 0 && html`<button type="button" class="plain" onClick=${() => change(nothing(filter))}>Clear</button>`}
      ${Object.entries(names.lists).map(([id, list]) =>
        html`
          <datalist id=${id} key=${id}>${list.map((name) => html`<option key=${name} value=${name} />`)}</datalist>
        `
      )}
    </form>
  `;
}

/** @param {Filter} filter */
function nothing(filter) {
  return Object.fromEntries(Object.keys(filter).map((name) => [name, ""]));
}

/**
 * @param {string} any
 * @param {Record<string, string>} names
 */
function options(any, names) {
  return [["", any], ...Object.entries(names)].map(([value, name]) =>
    html`<option key=${value} value=${value}>${name}</option>`
  );
}

/** The names of a week, to choose from; asked for when somebody first needs them. */
function useNames() {
  const [lists, setLists] = useState(/** @type {Record<string, string[]>} */ ({}));
  const [isAsked, setAsked] = useState(false);
  async function load() {
    if (isAsked) return;
    setAsked(true);
    const from = Date.now() - 7 * 86_400_000;
    const found = await Promise.all(["model", "provider", "key"].map(async (by) => {
      const { groups } = await api(`overview?by=${by}&from=${from}`);
      return [`${by}s`, groups.flatMap((/** @type {{ name: string | null }} */ { name }) => name ?? [])];
    })).catch(() => []);
    setLists(Object.fromEntries(found));
  }
  return { lists, load };
}
