/** One provider: how it stands, and what can be done with it. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { formatTime, formatWhole } from "../browser/format.js";
import { Actions } from "./actions.js";
import { TrialResult } from "./trial.js";

/** @typedef {import("./shapes.ts").ProviderShape} Provider */

const STATES = /** @type {Record<Provider["state"], [shown: string, tone: string]>} */ ({
  used: ["In use", "good"],
  disabled: ["Disabled", ""],
  unreadable: ["Secrets cannot be read", "bad"],
  mistaken: ["Has mistakes", "bad"],
  shadowed: ["Not used", "warn"],
});

const ORIGINS = /** @type {Record<Provider["origin"], string>} */ ({
  file: "configuration file",
  environment: "environment",
  "built-in": "built in",
  stored: "added here",
});

/**
 * @param {{
 *   provider: Provider,
 *   selected: boolean,
 *   edit: () => void,
 *   change: (changes: Record<string, unknown>) => Promise<void>,
 *   remove: () => Promise<void>,
 *   reload: () => void,
 * }} props
 */
export function Card({ provider, selected, edit, change, remove, reload }) {
  const { name, type, origin, state, endpoint, problem, models, failures, warnings } = provider;
  const [trial, setTrial] = useState(/** @type {import("./trial.js").Trial} */ (undefined));
  const [list, setList] = useState(/** @type {{ id: string }[] | undefined} */ (undefined));
  const [failed, setFailed] = useState(/** @type {string | undefined} */ (undefined));
  const path = `providers/${encodeURIComponent(name)}`;
  const [shown, tone] = STATES[state];

  /** @param {() => Promise<void>} work */
  const attempt = async (work) => {
    setFailed(undefined);
    await work().catch((error) => setFailed(error.message));
    reload();
  };
  const test = async () => {
    setTrial("running");
    setTrial(await api(`${path}/test`, { method: "POST" }).catch((error) => ({ failed: error.message })));
    reload();
  };
  const showModels = () => attempt(async () => setList((await api(`${path}/models`)).models));

  return html`
    <article class="panel provider ${selected ? "selected" : ""}" id=${`provider-${name}`} tabindex="-1"
      aria-labelledby=${`name-${name}`}>
      <header>
        <h2 id=${`name-${name}`}>${name}</h2>
        <span class="badge ${tone}">${shown}</span>
        <span class="badge">${ORIGINS[origin]}</span>
        <span class="kind">${provider.vendor && provider.vendor !== type ? `${provider.vendor} · ${type}` : type}</span>
      </header>
      ${endpoint && html`<p class="mono place">${endpoint}</p>`}
      <${Facts} provider=${provider} models=${models} />
      ${[problem, ...warnings].filter(Boolean).map((text) => html`<p class="notice warn" key=${text}>${text}</p>`)}
      ${failed && html`<p class="notice bad" role="alert">${failed}</p>`}
      <${Failures} failures=${failures} listFailure=${models?.failure} />
      <${TrialResult} trial=${trial} />
      ${list && html`<${ModelIds} name=${name} list=${list} close=${() => setList(undefined)} />`}
      <${Actions} provider=${provider} isTesting=${trial ===
        "running"} test=${test} showModels=${showModels} edit=${edit}
        change=${(/** @type {Record<string, unknown>} */ changes) => attempt(() => change(changes))}
        remove=${() => attempt(remove)} />
    </article>
  `;
}

/** @param {{ provider: Provider, models: Provider["models"] }} props */
function Facts({ provider: { keys, settings }, models }) {
  const sources = /** @type {Record<NonNullable<Provider["models"]>["source"], string>} */ ({
    static: "named in its settings",
    fetched: "from its own list",
    fallback: "known here, as its own list cannot be had",
    unasked: "not asked for yet",
  });
  return html`
    <dl class="facts">
      <div>
        <dt>Models</dt>
        <dd>${models === undefined || models.source === "unasked" ? "–" : formatWhole(models.models)}
        ${models && html`<span class="muted"> ${sources[models.source]}</span>`}</dd>
      </div>
      <div>
        <dt>Keys</dt>
        <dd>${formatWhole(keys)}</dd>
      </div>
      <div>
        <dt>Streaming</dt>
        <dd>${settings.stream ?? "auto"}</dd>
      </div>
    </dl>
  `;
}

/** @param {{ failures: Provider["failures"], listFailure?: { at: number, message: string } }} props */
function Failures({ failures, listFailure }) {
  const [last] = failures;
  if (last === undefined && listFailure === undefined) return null;
  return html`
    <details class="failures">
      <summary>
        <span class="badge bad">${failures.length + (listFailure ? 1 : 0)}</span>
        Last ${last
          ? `failure: ${last.kind}, ${formatTime(last.at)}`
          : `failure of its list, ${formatTime(listFailure?.at ?? 0)}`}
      </summary>
      <ul>
        ${listFailure &&
          html`<li><span class="number">${formatTime(listFailure.at)}</span> Model list: ${listFailure.message}</li>`}
        ${failures.map(({ at, kind, model, detail }) =>
          html`
            <li key=${at + kind}>
              <span class="number">${formatTime(at)}</span> ${kind}${model ? ` with ${model}` : ""}
              ${detail && html`<pre>${detail}</pre>`}
            </li>
          `
        )}
      </ul>
    </details>
  `;
}

/** @param {{ name: string, list: { id: string }[], close: () => void }} props */
function ModelIds({ name, list, close }) {
  const [wanted, setWanted] = useState("");
  const found = list.filter(({ id }) => id.toLowerCase().includes(wanted.trim().toLowerCase()));
  return html`
    <section class="models" aria-label=${`Models of ${name}`}>
      <div class="models-head">
        <strong>${formatWhole(list.length)} models</strong>
        ${list.length > 12 && html`
          <input type="search" placeholder="Find" aria-label=${`Find a model of ${name}`} value=${wanted}
            onInput=${(/** @type {any} */ event) => setWanted(event.currentTarget.value)} />
        `}
        <button type="button" class="plain" onClick=${close}>Close</button>
      </div>
      <ul tabindex="0" aria-label="Model ids">${found.map(({ id }) => html`<li key=${id}><code>${id}</code></li>`)}</ul>
    </section>
  `;
}
