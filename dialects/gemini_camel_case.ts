/** Brings a client's body to the one spelling that is read: Google takes two of each field, and one value for a list. */

import type { Json, JsonObject } from "../chat/json.ts";
import { isObject } from "./json.ts";

/** What the client's own program reads or wrote: its keys are not the API's. */
const FOREIGN = new Set([
  ...["args", "response", "responseJsonSchema", "parametersJsonSchema", "responseFormat"],
  ...["default", "example", "enum", "labels", "partMetadata"],
]);

/** Objects whose keys are names that the client chose, and whose values are the API's again. */
const NAMED = new Set(["properties", "$defs", "defs"]);

/** Lists that the API also takes as their only element; its own examples write `"contents": {"parts": {"text": …}}`. */
const LISTS = new Set(["contents", "parts", "tools", "functionDeclarations", "stopSequences", "allowedFunctionNames"]);

/** The value with `snake_case` keys as `camelCase`. https://protobuf.dev/programming-guides/json/ allows both on input. */
export function toCamelCase(value: Json): Json {
  if (Array.isArray(value)) return value.map(toCamelCase);
  return isObject(value) ? convertObject(value) : value;
}

export function convertObject(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const key = name.replace(/(?<=[a-z0-9])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [key, value === undefined ? value : convertMember(key, value)];
    }),
  );
}

function convertMember(key: string, value: Json): Json {
  if (FOREIGN.has(key)) return value;
  if (NAMED.has(key) && isObject(value)) return convertValues(value);
  const converted = toCamelCase(value);
  return LISTS.has(key) && !Array.isArray(converted) && converted !== null ? [converted] : converted;
}

function convertValues(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, value === undefined ? value : toCamelCase(value)]),
  );
}
