/** The dialog in which a key is added or edited. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { LIMIT_FIELDS } from "./limits.js";

/** @typedef {Record<string, string>} Values */

/**
 * @param {{ edited?: any, save: (form: Record<string, unknown>) => Promise<void>, close: () => void }} props
 */
export function KeyForm({ edited, save, close }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [values, setValues] = useState(() => toValues(edited));
  const [problems, setProblems] = useState(/** @type {ReadonlyMap<string, string>} */ (new Map()));
  const [failure, setFailure] = useState(/** @type {string | undefined} */ (undefined));
  const [isBusy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const [first] = problems.keys();
    if (first !== undefined) document.getElementById(idOf(first))?.focus();
  }, [problems]);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    setProblems(new Map());
    try {
      await save(toForm(values));
    } catch (error) {
      const told = /** @type {any} */ (error);
      const errors = told.body?.errors ?? [];
      setProblems(new Map(errors.map((/** @type {any} */ { path, message }) => [path.replace(/\.\d+$/, ""), message])));
      setFailure(errors.length > 0 ? "Something does not fit." : told.message);
    } finally {
      setBusy(false);
    }
  }

  /** @param {string} path */
  const field = (path) => ({
    path,
    value: values[path] ?? "",
    problem: problems.get(path),
    set: (/** @type {string} */ text) => setValues((old) => ({ ...old, [path]: text })),
  });
  return html`
    <dialog ref=${dialog} class="key-dialog" aria-labelledby="key-title" onClose=${close}>
      <form onSubmit=${submit} novalidate>
        <h2 id="key-title">${edited === undefined ? "Add a key" : `Edit ${edited.name}`}</h2>
        <${Field} title="Name" hint="What logs and records call it" ...${field("name")} />
        <${Field} title="Models" hint="Ids with commas, * for any text; none for all" ...${field("limits.models")} />
        <div class="key-limits">
          ${LIMIT_FIELDS.map(({ name, title, hint }) =>
            html`<${Field} key=${name} title=${title} hint=${hint} kind="decimal" ...${field(`limits.${name}`)} />`
          )}
          <${Field} title="Expires" hint="Empty for never" kind="date" ...${field("expiresAt")} />
        </div>
        ${failure && html`<p class="notice bad" role="alert">${failure}</p>`}
        <footer>
          <button type="submit" class="primary" disabled=${isBusy}>${edited === undefined ? "Add" : "Save"}</button>
          <button type="button" class="plain" onClick=${() => dialog.current?.close()}>Cancel</button>
        </footer>
      </form>
    </dialog>
  `;
}

/**
 * @param {{
 *   path: string,
 *   title: string,
 *   hint?: string,
 *   kind?: "decimal" | "date",
 *   value: string,
 *   problem?: string,
 *   set: (text: string) => void,
 * }} props
 */
function Field({ path, title, hint, kind, value, problem, set }) {
  const id = idOf(path);
  return html`
    <div class="field">
      <label for=${id}>${title}</label>
      <input id=${id} type=${kind === "date" ? "datetime-local" : "text"} inputmode=${kind === "decimal" && kind}
        autocomplete="off" value=${value} aria-invalid=${problem !== undefined} aria-describedby=${`${id}-more`}
        onInput=${(/** @type {any} */ event) => set(event.currentTarget.value)} />
      <span id=${`${id}-more`} class=${problem === undefined ? "hint" : "problem"}>${problem ?? hint}</span>
    </div>
  `;
}

/** @param {string} path */
function idOf(path) {
  return `key-${path.replace(".", "-")}`;
}

/** What the form shows of a key. @param {any} key @returns {Values} */
function toValues(key) {
  const { name = "", limits = {}, expiresAt } = key ?? {};
  const texts = LIMIT_FIELDS.map(({ name }) => [`limits.${name}`, String(limits[name] ?? "")]);
  return {
    name,
    "limits.models": (limits.models ?? []).join(", "),
    ...Object.fromEntries(texts),
    expiresAt: expiresAt === undefined ? "" : toLocal(expiresAt),
  };
}

/** What the form says, as the admin route takes it. @param {Values} values */
function toForm(values) {
  const models = (values["limits.models"] ?? "").split(",").map((glob) => glob.trim()).filter((glob) => glob !== "");
  const limits = LIMIT_FIELDS.flatMap(({ name }) => {
    const text = (values[`limits.${name}`] ?? "").replace(/[\s_]/g, "");
    // What is no number goes as it is: the answer says what is wrong with it.
    return text === "" ? [] : [[name, Number.isNaN(Number(text)) ? text : Number(text)]];
  });
  return {
    name: values.name,
    limits: { ...(models.length > 0 && { models }), ...Object.fromEntries(limits) },
    expiresAt: values.expiresAt ? new Date(values.expiresAt).getTime() : null,
  };
}

/** Milliseconds as the field for a local time has them. @param {number} at */
function toLocal(at) {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
