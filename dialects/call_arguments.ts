/** A call's arguments: JSON text in the neutral model and in half of the dialects, an object in the others. */

import type { Json, JsonObject } from "../chat/json.ts";
import { isObject, parseJson } from "./json.ts";

/** The text of arguments that came as text, as an object (CASES T10), or not at all for none (T9). */
export function argumentsText(value: Json | undefined): string {
  if (value === undefined || value === null) return "{}";
  if (typeof value !== "string") return JSON.stringify(value);
  return value.trim() === "" ? "{}" : value;
}

/** The object of a text, the empty one where nothing stands there; `undefined` where the text is no JSON object. */
export function argumentsObject(json: string): JsonObject | undefined {
  if (json.trim() === "") return {};
  const value = parseJson(json);
  return isObject(value) ? value : undefined;
}
