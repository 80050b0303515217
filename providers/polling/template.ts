/** Templates of the configuration: a body whose texts, and a path whose parts, may stand for values of the request. */

import type { Json } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";

const PLACEHOLDER = /\{\{\s*(.*?)\s*\}\}/g;

/**
 * The template with its values. A text that is one placeholder and nothing else becomes the value itself, of whatever
 * type, so that no text of a client's can break out of its place; a member or an item without a value is left out.
 *
 * @example
 * ```ts
 * import { fillBody } from "./template.ts";
 * const body = fillBody({ n: 1, prompt: "{{prompt}}", heat: "{{temperature}}" }, { prompt: 'Say "}}"' });
 * console.assert(JSON.stringify(body) === '{"n":1,"prompt":"Say \\"}}\\""}');
 * ```
 */
export function fillBody(template: Json, values: Readonly<Record<string, Json | undefined>>): Json | undefined {
  if (typeof template === "string") {
    const [name] = placeholdersIn(template);
    return name === undefined ? template : values[name];
  }
  if (Array.isArray(template)) {
    return template.map((item) => fillBody(item, values)).filter((item) => item !== undefined);
  }
  if (!isObject(template)) return template;
  const members = Object.entries(template).map(([key, value = null]) => [key, fillBody(value, values)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** The path with its values, each percent-encoded: none can add a segment or a parameter. */
export function fillPath(template: string, values: Readonly<Record<string, string>>): string {
  // A lone surrogate, which a client's JSON can hold, cannot be encoded.
  return template.replace(PLACEHOLDER, (_, name) => encodeURIComponent((values[name] ?? "").toWellFormed()));
}

/** `.` and `..` lead elsewhere in a URL, and percent-encoding does not help. */
export function isDotSegment(text: string): boolean {
  return text === "." || text === "..";
}

/** The names of the placeholders in a text. */
export function placeholdersIn(text: string): string[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([, name = ""]) => name);
}

/** The texts of a template, be they placeholders or not. The names of its members are none. */
export function textsIn(template: unknown): string[] {
  if (typeof template === "string") return [template];
  if (typeof template !== "object" || template === null) return [];
  return Object.values(template).flatMap(textsIn);
}

/** What looks like a placeholder and is none: a name that is not known, or one with other text around it. */
export function faultsIn(texts: readonly string[], known: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const found = text.match(PLACEHOLDER) ?? [];
    return found.filter((placeholder) => placeholder !== text || !known.includes(placeholdersIn(text)[0] ?? ""));
  });
}

/** Whether a value of a TOML file is an object of JSON, which knows no dates and no infinity. */
export function isTemplate(value: unknown): boolean {
  return isObject(value) && isJson(value);
}

function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return !(value instanceof Date) && Object.values(value).every(isJson);
}
