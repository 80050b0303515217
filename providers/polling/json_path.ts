/** Paths into an answer of JSON: names of members and indexes of arrays with dots between them, `data.choices.0.text`. */

import { isObject } from "../../dialects/json.ts";
import { isTooDeep } from "../../dialects/json_depth.ts";

/** The value at a path; `undefined` where the way there breaks off. A name with a dot in it cannot be written. */
export function valueAt(body: unknown, path: string): unknown {
  return path.split(".").reduce(memberOf, body);
}

/** Own members only: `constructor` and an array's `length` are no part of the JSON. */
function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The JSON of a text, whole numbers beyond 2⁵³ being the texts of their digits: ids of vendors' are, and lose their end. */
export function parseExactly(text: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }) =>
    Number.isInteger(value) && !Number.isSafeInteger(value) ? context?.source ?? value : value;
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return undefined;
  }
}

/** The text at a path, a number's digits included; `undefined` where there is none, or an empty one. */
export function textAt(body: unknown, path: string): string | undefined {
  const found = valueAt(body, path);
  if (typeof found === "number") return String(found);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The count at a path. */
export function countAt(body: unknown, path: string): number | undefined {
  const found = valueAt(body, path);
  return typeof found === "number" && Number.isInteger(found) && found >= 0 ? found : undefined;
}
