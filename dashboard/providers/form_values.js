/** Between a form and the JSON that it stands for: each field holds a text, and an empty one says nothing. */

/**
 * A JSON Schema, as far as forms need it.
 *
 * @typedef {{
 *   type?: string | string[],
 *   title?: string,
 *   description?: string,
 *   default?: unknown,
 *   const?: unknown,
 *   enum?: string[],
 *   format?: string,
 *   writeOnly?: boolean,
 *   "x-advanced"?: boolean,
 *   items?: unknown,
 *   additionalProperties?: unknown,
 *   properties?: Record<string, Schema>,
 *   required?: string[],
 * }} Schema
 */

/** The texts of a form by the paths of its fields. @typedef {Record<string, string>} Values */

/** @typedef {"text" | "choice" | "flag" | "number" | "lines" | "pairs" | "json"} FieldKind */

/**
 * How a field is written.
 *
 * @param {Schema} schema
 * @returns {FieldKind}
 */
export function kindOf({ type, enum: choices, additionalProperties, properties }) {
  if (choices !== undefined) return "choice";
  if (type === "boolean") return "flag";
  if (type === "number" || type === "integer") return "number";
  if (type === "array") return "lines";
  if (type !== "object" || properties !== undefined) return "text";
  return typeof additionalProperties === "object" ? "pairs" : "json";
}

/**
 * The form's fields with their paths, those of tables included.
 *
 * @param {Schema} schema
 * @param {string} [prefix]
 * @returns {[path: string, schema: Schema][]}
 */
export function fieldsOf({ properties = {} }, prefix = "") {
  return Object.entries(properties).flatMap(([key, field]) =>
    field.properties === undefined
      ? [/** @type {[string, Schema]} */ ([prefix + key, field])]
      : fieldsOf(field, `${prefix}${key}.`)
  );
}

/**
 * The texts that stand for settings; what is not set has none.
 *
 * @param {Schema} schema
 * @param {Record<string, unknown>} settings
 * @returns {Values}
 */
export function toValues(schema, settings) {
  /** @type {Values} */
  const values = {};
  for (const [path, field] of fieldsOf(schema)) {
    const value = path.split(".").reduce(
      (/** @type {any} */ table, key) => (typeof table === "object" && table !== null ? table[key] : undefined),
      settings,
    );
    if (value !== undefined && value !== null) values[path] = formatValue(value, kindOf(field));
  }
  return values;
}

/**
 * What is sent for a form: only what is written in it. A secret that is to be forgotten is null.
 *
 * @param {Schema} schema
 * @param {Values} values
 * @param {ReadonlySet<string>} [forgotten]
 * @returns {Record<string, any>}
 */
export function fromValues(schema, values, forgotten = new Set()) {
  /** @type {Record<string, any>} */
  const settings = {};
  for (const [path, field] of fieldsOf(schema)) {
    const text = values[path] ?? "";
    const value = forgotten.has(path) ? null : field.const ?? parseValue(text, kindOf(field));
    if (value !== undefined) put(settings, path.split("."), value);
  }
  return settings;
}

/**
 * @param {any} table
 * @param {string[]} keys
 * @param {unknown} value
 */
function put(table, [key = "", ...rest], value) {
  if (rest.length === 0) table[key] = value;
  else put(table[key] ??= {}, rest, value);
}

/**
 * @param {any} value
 * @param {FieldKind} kind
 * @returns {string}
 */
function formatValue(value, kind) {
  if (kind === "lines") return Array.isArray(value) ? value.join("\n") : String(value);
  if (kind === "pairs") return Object.entries(value).map(([name, text]) => `${name}: ${text}`).join("\n");
  return kind === "json" ? JSON.stringify(value, null, 2) : String(value);
}

/**
 * What does not parse is sent as it is: the gateway says what it expects instead.
 *
 * @param {string} text
 * @param {FieldKind} kind
 */
function parseValue(text, kind) {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  switch (kind) {
    case "flag":
      return trimmed === "true";
    case "number":
      return Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
    case "lines":
      return linesOf(trimmed);
    case "pairs":
      return Object.fromEntries(linesOf(trimmed).map(pairOf));
    case "json":
      return jsonOf(trimmed);
    default:
      return trimmed;
  }
}

/** @param {string} text */
function linesOf(text) {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

/** @param {string} line */
function pairOf(line) {
  const at = line.indexOf(":");
  return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** @param {string} text */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
