/** The overview: its time and its grouping stand in the URL. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { startPage } from "../browser/start_page.js";
import { Comparison, MEASURES } from "./comparison.js";
import { Groups } from "./groups.js";
import { Plots } from "./plots.js";
import { Tiles } from "./tiles.js";

/** @import { OverviewShape } from "../shapes.ts" */

const DAY = 86_400_000;
/** Less than a week, so that it is told by the hour. */
const WEEK = 7 * DAY - 60_000;
const SPANS = {
  "24h": { name: "24 hours", length: DAY },
  "7d": { name: "7 days", length: WEEK },
  "30d": { name: "30 days", length: 30 * DAY },
};
const GROUPS = { provider: "Provider", model: "Model", key: "Key" };
/** How often it is loaded anew while somebody looks. */
const REFRESH = 30_000;

/** @typedef {{ span: keyof typeof SPANS, by: keyof typeof GROUPS, of: keyof typeof MEASURES }} Place */

/** @returns {Place} */
function readPlace() {
  return {
    span: chosenOf(SPANS, "span", "24h"),
    by: chosenOf(GROUPS, "by", "provider"),
    of: chosenOf(MEASURES, "of", "requests"),
  };
}

/**
 * @template {object} Names
 * @param {Names} names
 * @param {string} parameter
 * @param {keyof Names} otherwise
 */
function chosenOf(names, parameter, otherwise) {
  const asked = new URLSearchParams(location.search).get(parameter) ?? "";
  return asked in names ? /** @type {keyof Names} */ (asked) : otherwise;
}

function Overview() {
  const [place, setPlace] = useState(readPlace);
  const { overview, problem } = useOverview(place);
  const [name, setName] = useState("");
  const group = overview?.groups.find((each) => each.name === name);
  const shown = group ?? overview?.total;
  /** @param {Partial<Place>} changes */
  function go(changes) {
    const next = { ...place, ...changes };
    history.replaceState(null, "", `?${new URLSearchParams(next)}`);
    setPlace(next);
  }
  return html`
    <div class="page-head">
      <h1>Overview</h1>
      <div class="end">
        <${GroupChoice} groups=${overview?.groups ?? []} chosen=${group?.name ?? ""} choose=${setName} />
        <${Choice} label="Time" names=${SPANS} chosen=${place.span} choose=${(/** @type {Place["span"]} */ span) =>
          go({ span })} />
      </div>
    </div>
    ${problem && html`<p class="notice bad" role="alert">${problem}</p>`}
    ${overview && shown && html`
      <${Tiles} figures=${shown.total} />
      ${overview.total.total.requests === 0
        ? html`
          <div class="panel empty">
            <h2>Nothing happened in this time</h2>
            <p>Requests count here as soon as they have ended.</p>
          </div>
        `
        : html`
          <${Plots} overview=${overview} series=${shown} />
          <div class="page-head">
            <h2>By ${GROUPS[place.by].toLowerCase()}</h2>
            <div class="end">
              <${Choice} label="Grouped by" names=${GROUPS} chosen=${place.by} choose=${(
                /** @type {Place["by"]} */ by,
              ) => go({ by })} />
            </div>
          </div>
          <${Comparison} overview=${overview} by=${place.by} measure=${place.of} choose=${(
            /** @type {Place["of"]} */ of,
          ) => go({ of })} />
          <${Groups} groups=${overview.groups} by=${place.by} />
        `}
    `}
  `;
}

/**
 * @param {{
 *   label: string,
 *   names: Record<string, string | { name: string }>,
 *   chosen: string,
 *   choose: (value: string) => void,
 * }} props
 */
function Choice({ label, names, chosen, choose }) {
  return html`
    <div class="segments" role="group" aria-label=${label}>${Object.entries(names).map(([value, name]) =>
      html`
        <button type="button" key=${value} aria-pressed=${String(value === chosen)} onClick=${() =>
          choose(value)}>${typeof name === "string" ? name : name.name}</button>
      `
    )}
    </div>
  `;
}

/** @param {{ groups: OverviewShape["groups"], chosen: string, choose: (name: string) => void }} props */
function GroupChoice({ groups, chosen, choose }) {
  return html`
    <select aria-label="Shown" value=${chosen}
      onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
        choose(currentTarget.value)}>
      <option value="">All requests</option>
      ${groups.map(({ name }) => name !== null && html`<option key=${name} value=${name}>${name}</option>`)}
    </select>
  `;
}

/** @param {Place} place */
function useOverview({ span, by }) {
  const [state, setState] = useState(/** @type {{ overview?: OverviewShape, problem?: string }} */ ({}));
  useEffect(() => {
    const leaving = new AbortController();
    async function load() {
      if (document.hidden) return;
      const query = new URLSearchParams({ by, from: String(Date.now() - SPANS[span].length) });
      try {
        setState({ overview: await api(`overview?${query}`, { signal: leaving.signal }) });
      } catch (error) {
        if (!leaving.signal.aborted) setState((last) => ({ ...last, problem: /** @type {Error} */ (error).message }));
      }
    }
    load();
    const timer = setInterval(load, REFRESH);
    document.addEventListener("visibilitychange", load);
    return () => {
      leaving.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", load);
    };
  }, [span, by]);
  return state;
}

startPage(Overview);
