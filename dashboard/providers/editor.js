/** The dialog in which a provider is added or edited: a form made from the JSON Schema of its type. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../browser/api.js";
import { Fields, idOf, isAtOrBelow, otherProblems } from "./field.js";
import { fieldsOf, fromValues, toValues } from "./form_values.js";
import { Start } from "./start.js";
import { TrialResult } from "./trial.js";

/** @typedef {import("./form_values.js").Schema} Schema */

/**
 * @param {{
 *   provider: any,
 *   choices: import("./start.js").Choices,
 *   close: () => void,
 *   saved: (provider: any) => void,
 * }} props `provider` is the one that is edited; without one, another is added
 */
export function Editor({ provider, choices, close, saved }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [chosen, setChosen] = useState("type:openai");
  const [schema, setSchema] = useState(/** @type {Schema | undefined} */ (undefined));
  const [values, setValues] = useState(/** @type {import("./form_values.js").Values} */ ({}));
  const [forgotten, setForgotten] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const [problems, setProblems] = useState(/** @type {ReadonlyMap<string, string>} */ (new Map()));
  const [failure, setFailure] = useState(/** @type {string | undefined} */ (undefined));
  const [trial, setTrial] = useState(/** @type {import("./trial.js").Trial} */ (undefined));
  const [isBusy, setBusy] = useState(false);
  const isNew = provider === undefined;
  const type = isNew ? typeOf(chosen, choices) : provider.type;

  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    let isLate = false;
    setSchema(undefined);
    api(`provider-schema/${type}`).then((loaded) => {
      if (isLate) return;
      const form = isNew ? loaded : withoutName(loaded);
      setSchema(form);
      if (!isNew) setValues(toValues(form, provider.settings));
    }, (error) => setFailure(error.message));
    return () => void (isLate = true);
  }, [type]);
  useEffect(() => {
    if (problems.size === 0 || schema === undefined) return;
    const first = fieldsOf(schema).map(([path]) => path).find((path) => isAtOrBelow(path, problems));
    // Its fold opens first: what is hidden cannot be focused.
    requestAnimationFrame(() => document.getElementById(first === undefined ? "problems" : idOf(first))?.focus());
  }, [problems]);

  /** @param {string} next */
  function choose(next) {
    const vendor = choices.vendors.find(({ name }) => next === `vendor:${name}`);
    const before = choices.vendors.find(({ name }) => chosen === `vendor:${name}`);
    setChosen(next);
    setTrial(undefined);
    setProblems(new Map());
    setValues((old) => ({
      ...old,
      name: old.name && old.name !== before?.name ? old.name : vendor?.name ?? "",
      endpoint: vendor?.endpoint ?? (old.endpoint === before?.endpoint ? "" : old.endpoint ?? ""),
    }));
  }

  const body = () => ({
    ...fromValues(schema ?? {}, values, forgotten),
    type,
    ...(!isNew && { name: provider.name }),
  });

  /** @param {(form: Record<string, unknown>) => Promise<void>} work */
  async function send(work) {
    setBusy(true);
    setProblems(new Map());
    setFailure(undefined);
    try {
      await work(body());
    } catch (error) {
      const told = /** @type {any} */ (error);
      // Of a form with mistakes nothing was tried.
      setTrial(undefined);
      const errors = told.body?.errors ?? [];
      setProblems(new Map(errors.map((/** @type {any} */ { path, message }) => [path, message])));
      setFailure(
        told.status === 412 ? "Somebody else changed it meanwhile: close this, and edit it anew" : told.message,
      );
    } finally {
      setBusy(false);
    }
  }
  const save = () =>
    send(async (form) => {
      saved(
        isNew
          ? await api("providers", { method: "POST", body: form })
          : await api(`providers/${encodeURIComponent(provider.name)}`, {
            method: "PUT",
            body: form,
            headers: { "if-match": `"${provider.version}"` },
          }),
      );
    });
  const test = () =>
    send(async (form) => {
      setTrial("running");
      setTrial(await api("providers/test", { method: "POST", body: form }));
    });

  const form = {
    values,
    problems,
    forgotten,
    stored: provider?.secrets ?? {},
    set: (/** @type {string} */ path, /** @type {string} */ text) => setValues((old) => ({ ...old, [path]: text })),
    forget: (/** @type {string} */ path, /** @type {boolean} */ is) =>
      setForgotten((old) => new Set(is ? [...old, path] : [...old].filter((known) => known !== path))),
  };
  const others = schema === undefined ? [] : otherProblems(schema, problems);
  return html`
    <dialog class="editor" ref=${dialog} aria-labelledby="editor-title" onClose=${close}>
      <form novalidate onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void save();
      }}>
        <h2 id="editor-title">${isNew ? "Add a provider" : `Edit ${provider.name}`}</h2>
        ${(failure || others.length > 0) && html`
          <div class="notice bad" role="alert" id="problems" tabindex="-1">
            <p>${failure}</p>
            ${others.map(([path, message]) =>
              html`<p key=${path}>${path && html`<code>${path}</code>`} ${message}</p>`
            )}
          </div>
        `}
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

/** @param {string} chosen @param {import("./start.js").Choices} choices */
function typeOf(chosen, choices) {
  const vendor = choices.vendors.find(({ name }) => chosen === `vendor:${name}`);
  return vendor?.type ?? chosen.replace(/^type:/, "");
}

/** A provider keeps its name: it is what its models go by. @param {Schema} schema */
function withoutName({ properties = {}, ...schema }) {
  const { name: _, ...rest } = properties;
  return { ...schema, properties: rest };
}
