/** One field of a form, or a table of fields, as its JSON Schema describes it. */
/// <reference lib="dom" />

import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { fieldsOf, kindOf } from "./form_values.js";

/** @typedef {import("./form_values.js").Schema} Schema */

/**
 * What all fields of a form share.
 *
 * @typedef {{
 *   values: import("./form_values.js").Values,
 *   set: (path: string, text: string) => void,
 *   problems: ReadonlyMap<string, string>,
 *   stored: Readonly<Record<string, number>>,
 *   forgotten: ReadonlySet<string>,
 *   forget: (path: string, is: boolean) => void,
 * }} Form
 */

/** The id of a field's input. @param {string} path */
export function idOf(path) {
  return `field-${path.replaceAll(".", "-")}`;
}

/**
 * The fields of a schema: those that matter first, the others folded away.
 *
 * @param {{ schema: Schema, form: Form, prefix?: string, optional?: boolean }} props `optional` where the table that the
 * fields are in may be missing as a whole
 */
export function Fields({ schema, form, prefix = "", optional = false }) {
  const all = Object.entries(schema.properties ?? {}).filter(([, { const: fixed }]) => fixed === undefined);
  const plain = all.filter(([, field]) => !field["x-advanced"]);
  const advanced = all.filter(([, field]) => field["x-advanced"]);
  const needed = new Set(optional ? [] : schema.required ?? []);
  /** @param {[string, Schema]} entry */
  const draw = ([key, field]) => {
    const path = prefix + key;
    const isNeeded = needed.has(key);
    if (field.properties === undefined) {
      return html`<${Field} key=${key} path=${path} schema=${field} needed=${isNeeded} form=${form} />`;
    }
    return html`
      <fieldset key=${key} class="table">
        <legend>${field.title}</legend>
        <${Fields} schema=${unfolded(field)} form=${form} prefix=${`${path}.`} optional=${!isNeeded} />
      </fieldset>
    `;
  };
  const isWrong = advanced.some(([key]) => isAtOrBelow(prefix + key, form.problems));
  return html`
    ${plain.map(draw)}
    ${advanced.length > 0 && html`<${Fold} isWrong=${isWrong}>${advanced.map(draw)}<//>`}
  `;
}

/**
 * What is folded away, until somebody looks, or something in it is wrong.
 *
 * @param {{ isWrong: boolean, children?: import("preact").ComponentChildren }} props
 */
function Fold({ isWrong, children }) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (isWrong) setOpen(true);
  }, [isWrong]);
  return html`
    <details class="advanced" open=${isOpen} onToggle=${(/** @type {any} */ { currentTarget }) =>
      setOpen(currentTarget.open)}>
      <summary>Advanced</summary>
      <div class="fields">${children}</div>
    </details>
  `;
}

/**
 * @param {string} path
 * @param {ReadonlyMap<string, string>} problems
 */
export function isAtOrBelow(path, problems) {
  return [...problems.keys()].some((at) => at === path || at.startsWith(`${path}.`));
}

/**
 * A table that is folded away itself folds nothing more within.
 *
 * @param {Schema} schema
 */
function unfolded(schema) {
  if (!schema["x-advanced"]) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, field]) => [key, { ...field, "x-advanced": false }]),
  );
  return { ...schema, properties };
}

/** @param {{ path: string, schema: Schema, needed: boolean, form: Form }} props */
function Field({ path, schema, needed, form }) {
  const id = idOf(path);
  const problem = problemAt(path, form.problems);
  const stored = form.stored[path] ?? 0;
  const isForgotten = form.forgotten.has(path);
  const described = [schema.description && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return html`
    <div class="field">
      <label for=${id}>${schema.title}${needed && html`<span class="needed" aria-hidden="true"> *</span>`}</label>
      <${Input} id=${id} path=${path} schema=${schema} form=${form} needed=${needed}
        invalid=${problem !== undefined} described=${described} />
      ${schema.writeOnly && stored > 0 && html`
        <label class="forget">
          <input type="checkbox" checked=${isForgotten} onChange=${(/** @type {any} */ event) =>
            form.forget(path, event.currentTarget.checked)} />
          Forget what is stored
        </label>
      `}
      ${schema.description && html`<p class="hint" id=${`${id}-hint`}>${schema.description}</p>`}
      ${problem && html`<p class="problem" id=${`${id}-problem`}>${problem}</p>`}
    </div>
  `;
}

/**
 * @param {{ id: string, path: string, schema: Schema, form: Form, needed: boolean, invalid: boolean, described: string }} props
 */
function Input({ id, path, schema, form, needed, invalid, described }) {
  const kind = kindOf(schema);
  const value = form.values[path] ?? "";
  const common = {
    id,
    name: path,
    value,
    "aria-invalid": invalid ? "true" : undefined,
    "aria-describedby": described || undefined,
    "aria-required": needed ? "true" : undefined,
    disabled: form.forgotten.has(path),
    spellcheck: false,
    autocomplete: schema.writeOnly ? "new-password" : "off",
    onInput: (/** @type {any} */ event) => form.set(path, event.currentTarget.value),
  };
  const placeholder = placeholderOf(path, schema, form);
  if (kind === "flag" || kind === "choice") {
    const choices = kind === "flag"
      ? [["true", "Yes"], ["false", "No"]]
      : (schema.enum ?? []).map((word) => [word, word]);
    return html`
      <select ...${common} onChange=${common.onInput}>
        ${!needed && html`<option value="">${placeholder || "Not set"}</option>`}
        ${choices.map(([word, shown]) => html`<option key=${word} value=${word}>${shown}</option>`)}
      </select>
    `;
  }
  if (kind === "lines" || kind === "pairs" || kind === "json") {
    const rows = kind === "json" ? 6 : Math.min(Math.max(value.split("\n").length, 2), 8);
    const style = `mono ${schema.writeOnly && kind === "lines" ? "masked" : ""}`;
    return html`<textarea ...${common} class=${style} rows=${rows} placeholder=${placeholder} />`;
  }
  const type = schema.writeOnly ? "password" : "text";
  const mode = schema.format === "uri" ? "url" : kind === "number" ? "decimal" : undefined;
  return html`<input ...${common} type=${type} inputmode=${mode} placeholder=${placeholder} />`;
}

/** What holds where nothing is written. @param {string} path @param {Schema} schema @param {Form} form */
function placeholderOf(path, schema, { stored }) {
  const count = stored[path] ?? 0;
  if (schema.writeOnly && count > 0) return `${count} stored: leave empty to keep`;
  const kind = kindOf(schema);
  if (kind === "pairs") return "name: value";
  if (kind === "flag" && schema.default !== undefined) {
    return schema.default === true ? "Yes, the default" : "No, the default";
  }
  const { default: standard } = schema;
  if (Array.isArray(standard)) return standard.length > 0 ? standard.join("\n") : kind === "lines" ? "one a line" : "";
  return standard === undefined ? "" : `${standard}${kind === "choice" ? ", the default" : ""}`;
}

/**
 * A problem of the field, or of one line in it.
 *
 * @param {string} path
 * @param {ReadonlyMap<string, string>} problems
 */
export function problemAt(path, problems) {
  for (const [at, message] of problems) {
    if (at === path) return message;
    if (at.startsWith(`${path}.`)) return `${Number(at.slice(path.length + 1)) + 1}: ${message}`;
  }
}

/**
 * The problems that no field shows.
 *
 * @param {Schema} schema
 * @param {ReadonlyMap<string, string>} problems
 */
export function otherProblems(schema, problems) {
  const paths = fieldsOf(schema).map(([path]) => path);
  return [...problems].filter(([at]) => !paths.some((path) => at === path || at.startsWith(`${path}.`)));
}
