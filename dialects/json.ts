/** Reading of JSON whose shape nobody promised. */

import type { JsonObject } from "../chat/json.ts";

/** Whether a value that came from `JSON.parse` is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text, or `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
