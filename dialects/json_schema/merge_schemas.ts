/** Joins two schemas that hold for the same value into one. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** Both schemas as one: members of `second` win, save those that add up. */
export function mergeSchemas(first: JsonObject, second: JsonObject): JsonObject {
  const merged: JsonObject = { ...first, ...second };
  if (isObject(first.properties) && isObject(second.properties)) {
    merged.properties = mergeProperties(first.properties, second.properties);
  }
  if (Array.isArray(first.required) && Array.isArray(second.required)) {
    merged.required = [...new Set([...first.required, ...second.required])];
  }
  if (Array.isArray(first.enum) && Array.isArray(second.enum)) merged.enum = commonOf(first.enum, second.enum);
  return merged;
}

function mergeProperties(first: JsonObject, second: JsonObject): JsonObject {
  const merged = Object.entries(second).map(([name, schema]) => {
    const known = Object.hasOwn(first, name) ? first[name] : undefined;
    return [name, isObject(known) && isObject(schema) ? mergeSchemas(known, schema) : schema];
  });
  return { ...first, ...Object.fromEntries(merged) };
}

/** The values of both lists; those of the second where they have none in common, as no value at all would be legal. */
function commonOf(first: readonly Json[], second: readonly Json[]): Json[] {
  const common = second.filter((value) => first.includes(value));
  return common.length > 0 ? common : [...second];
}
