/** Reading of JSON whose shape nobody promised. */

import type { JsonObject } from "../chat/json.ts";
import { isTooDeep } from "./json_depth.ts";

/** Whether a value that came from `JSON.parse` is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text, or `undefined` where it is none, or too deep for what reads it. */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object that a JSON text is, or `undefined` where it is none. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}
