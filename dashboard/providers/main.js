/** All providers, with a form to add another. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { startPage } from "../browser/start_page.js";
import { Card } from "./card.js";
import { Editor } from "./editor.js";
import { putProvider } from "./use_provider_form.js";

/** @typedef {import("./shapes.ts").ProviderShape} Provider */

/** Milliseconds between two looks at how they stand. */
const INTERVAL = 5000;

function Providers() {
  const [state, setState] = useState(/** @type {import("./shapes.ts").ProvidersShape | undefined} */ (undefined));
  const [choices, setChoices] = useState(/** @type {import("./shapes.ts").ChoicesShape | undefined} */ (undefined));
  const [failed, setFailed] = useState(/** @type {string | undefined} */ (undefined));
  /** The provider in the form; null for a new one. */
  const [edited, setEdited] = useState(/** @type {Provider | null | undefined} */ (undefined));
  const [selected, setSelected] = useState(/** @type {string | undefined} */ (undefined));

  const load = () =>
    api("providers").then((loaded) => {
      setState(loaded);
      setFailed(undefined);
    }, (error) => setFailed(error.message));
  useEffect(() => {
    void load();
    api("provider-schema").then(setChoices, (error) => setFailed(error.message));
    const timer = setInterval(() => void (document.hidden || load()), INTERVAL);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (selected === undefined) return;
    const card = document.getElementById(`provider-${selected}`);
    card?.scrollIntoView({ block: "center", behavior: "smooth" });
    card?.focus({ preventScroll: true });
  }, [selected, state !== undefined]);

  /** @param {Provider} provider */
  const remove = (provider) =>
    api(`providers/${encodeURIComponent(provider.name)}`, {
      method: "DELETE",
      headers: { "if-match": `"${provider.version}"` },
    });
  /** @param {Provider} provider */
  const saved = async (provider) => {
    setEdited(undefined);
    setSelected(undefined);
    await load();
    setSelected(provider.name);
    // So that it shows at once how many models it has, or why it cannot list them.
    if (provider.state === "used") await api(`providers/${encodeURIComponent(provider.name)}/models`).catch(() => {});
    await load();
  };

  return html`
    <div class="page-head">
      <h1>Providers</h1>
      <div class="end">
        <button type="button" class="primary" onClick=${() => setEdited(null)} disabled=${choices === undefined}>
          Add a provider
        </button>
      </div>
    </div>
    ${failed && html`<p class="notice bad" role="alert">${failed}</p>`}
    <${Storage} storage=${state?.storage} />
    <div class="provider-list">
      ${state?.providers.map((provider) =>
        html`
          <${Card} key=${provider.name} provider=${provider} selected=${provider.name === selected}
            edit=${() => setEdited(provider)} change=${(/** @type {Record<string, unknown>} */ changes) =>
              putProvider(provider, { ...provider.settings, ...changes })}
            remove=${() => remove(provider)} reload=${load} />
        `
      )}
    </div>
    ${edited !== undefined && html`
      <${Editor} provider=${edited ?? undefined} choices=${choices} close=${() => setEdited(undefined)}
        saved=${saved} />
    `}
  `;
}

/** @param {{ storage?: { mode: string, degraded?: string } }} props */
function Storage({ storage }) {
  if (storage?.degraded !== undefined) {
    return html`<p class="notice warn">The storage is away for now: what is known stays in use, and nothing can be saved.</p>`;
  }
  if (storage?.mode !== "memory") return null;
  return html`
    <p
      class="notice warn">Things are kept in memory only: a provider that is added here is gone when the gateway restarts.</p>
  `;
}

startPage(Providers);
