/** Whether a schema is one that OpenAI takes as `strict`: every object closed, and all that it may have required. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** https://platform.openai.com/docs/guides/structured-outputs#all-fields-must-be-required */
export function isClosed(schema: JsonObject): boolean {
  const { type, properties, additionalProperties, required } = schema;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const isWhole = additionalProperties === false &&
    (names.length === 0 || (Array.isArray(required) && names.every((name) => required.includes(name))));
  return ((type !== "object" && names.length === 0) || isWhole) && below(schema).every(isClosed);
}

function below({ properties, items, anyOf, $defs, definitions }: JsonObject): JsonObject[] {
  const named = [properties, $defs, definitions].flatMap((schemas) => isObject(schemas) ? Object.values(schemas) : []);
  return [named, items, anyOf].flat().filter((schema: Json | undefined) => isObject(schema));
}
