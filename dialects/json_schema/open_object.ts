/** Finds what Gemini's `Schema` has no form for: an object of any keys. */

import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** Whether the schema, in Gemini's words, is or holds an object without properties. */
export function hasOpenObject(schema: JsonObject): boolean {
  const { type, properties, items, anyOf } = schema;
  if (type === "OBJECT" && properties === undefined) return true;
  const below = [isObject(properties) ? Object.values(properties) : [], items, anyOf].flat();
  return below.some((node) => isObject(node) && hasOpenObject(node));
}
