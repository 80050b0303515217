/** The dialog in which a provider is added or edited: a form made from the JSON Schema of its type. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { Fields, otherProblems } from "./field.js";
import { Start } from "./start.js";
import { TrialResult } from "./trial.js";
import { useProviderForm } from "./use_provider_form.js";

/** @typedef {import("./shapes.ts").ProviderShape} Provider */

/**
 * @param {{
 *   provider: Provider | undefined,
 *   choices: import("./start.js").Choices,
 *   close: () => void,
 *   saved: (provider: Provider) => void,
 * }} props `provider` is the one that is edited; without one, another is added
 */
export function Editor({ provider, choices, close, saved }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const { chosen, choose, schema, form, failure, trial, isBusy, save, test } = useProviderForm({
    provider,
    choices,
    saved,
  });
  const isNew = provider === undefined;
  useEffect(() => dialog.current?.showModal(), []);

  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    void save();
  };
  return html`
    <dialog class="editor" ref=${dialog} aria-labelledby="editor-title" onClose=${close}>
      <form novalidate onSubmit=${submit}>
        <h2 id="editor-title">${isNew ? "Add a provider" : `Edit ${provider.name}`}</h2>
        <${Problems} failure=${failure} others=${schema ? otherProblems(schema, form.problems) : []} />
        <div class="fields">
          ${isNew && html`<${Start} choices=${choices} chosen=${chosen} choose=${choose} />`}
          ${schema && html`<${Fields} schema=${schema} form=${form} />`}
        </div>
        <footer>
          <${TrialResult} trial=${trial} />
          <button type="submit" class="primary" disabled=${isBusy}>${isNew ? "Add" : "Save"}</button>
          <button type="button" class="plain" onClick=${test} disabled=${isBusy}>Test the connection</button>
          <button type="button" class="plain" onClick=${() => dialog.current?.close()}>Cancel</button>
        </footer>
      </form>
    </dialog>
  `;
}

/** @param {{ failure?: string, others: [path: string, message: string][] }} props `others` are those that no field shows */
function Problems({ failure, others }) {
  if (failure === undefined) return null;
  return html`
    <div class="notice bad" role="alert" id="problems" tabindex="-1">
      <p>${failure}</p>
      ${others.map(([path, message]) => html`<p key=${path}>${path && html`<code>${path}</code>`} ${message}</p>`)}
    </div>
  `;
}
