/** What is asked and how: model, dialect, mode. They stand in the URL. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { DIALECTS } from "../browser/dialects.js";

/** @typedef {{ model: string, dialect: string, mode: string }} Settings */

export const MODES = {
  auto: "Stream (auto)",
  real: "Stream (real)",
  fake: "Stream (fake)",
  collected: "One JSON answer",
};

/** For who has set up nothing yet. */
const DEMO = "demo/markdown";

/** @returns {Settings} */
export function readSettings() {
  const asked = new URLSearchParams(location.search);
  const [dialect, mode] = [asked.get("dialect") ?? "", asked.get("mode") ?? ""];
  return {
    model: asked.get("model") ?? DEMO,
    dialect: dialect in DIALECTS ? dialect : "openai_chat",
    mode: mode in MODES ? mode : "auto",
  };
}

/** @param {{ settings: Settings, change: (changes: Partial<Settings>) => void }} props */
export function SettingsBar({ settings: { model, dialect, mode }, change }) {
  const models = useModels();
  useEffect(() => {
    const [first] = models;
    if (first !== undefined && model === DEMO && !models.includes(DEMO)) change({ model: first });
  }, [models]);
  const titles = Object.entries(DIALECTS).map(([name, { title }]) => [name, title]);
  return html`
    <div class="settings">
      <div class="field"><label for="model">Model</label>
        <input id="model" list="models" value=${model} spellcheck=${false}
          onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
            change({ model: currentTarget.value.trim() })} />
        <datalist id="models">${models.map((id) => html`<option key=${id} value=${id} />`)}</datalist>
      </div>
      <${Choice} id="dialect" label="Dialect" options=${titles} value=${dialect} choose=${(
        /** @type {string} */ value,
      ) => change({ dialect: value })} />
      <${Choice} id="mode" label="Mode" options=${Object.entries(MODES)} value=${mode} choose=${(
        /** @type {string} */ value,
      ) => change({ mode: value })} />
    </div>
  `;
}

/** @param {{ id: string, label: string, options: [string, string][], value: string, choose: (value: string) => void }} props */
function Choice({ id, label, options, value, choose }) {
  return html`
    <div class="field"><label for=${id}>${label}</label>
      <select id=${id} value=${value}
        onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) =>
          choose(currentTarget.value)}>
        ${options.map(([name, title]) => html`<option key=${name} value=${name}>${title}</option>`)}
      </select>
    </div>
  `;
}

function useModels() {
  const [models, setModels] = useState(/** @type {string[]} */ ([]));
  useEffect(() => {
    const leaving = new AbortController();
    fetch("/admin/play/v1/models", { signal: leaving.signal })
      .then((response) => response.json())
      .then(({ data }) => setModels(data.map((/** @type {{ id: string }} */ { id }) => id)))
      // Any model can be typed.
      .catch(() => {});
    return () => leaving.abort();
  }, []);
  return models;
}
