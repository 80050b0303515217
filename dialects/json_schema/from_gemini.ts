/** Reads Gemini's `Schema`, a subset of OpenAPI 3.0, as JSON Schema: the inverse of `toGeminiSchema`. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** Limits that Google's JSON writes as text, being 64-bit integers. */
const COUNTS = ["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"];

export function fromGeminiSchema(schema: JsonObject): JsonObject {
  const { type, nullable, format, properties, items, anyOf, propertyOrdering, example, ...rest } = schema;
  const isOpen = typeof type !== "string" || type === "TYPE_UNSPECIFIED";
  const plain: JsonObject = {
    ...(!isOpen && { type: type.toLowerCase() }),
    ...rest,
    ...counts(rest),
    ...(format !== undefined && format !== "enum" && { format }),
    ...(example !== undefined && { examples: [example] }),
    ...(isObject(properties) && { properties: fromProperties(properties, propertyOrdering) }),
    ...(isObject(items) && { items: fromGeminiSchema(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.filter(isObject).map(fromGeminiSchema) }),
  };
  return nullable === true ? withNull(plain) : plain;
}

function counts(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    COUNTS.filter((name) => typeof schema[name] === "string").map((name) => [name, Number(schema[name])]),
  );
}

/** In the order that the schema asks for: other dialects know no other way to say it. */
function fromProperties(properties: JsonObject, ordering: Json | undefined): JsonObject {
  const first = [ordering ?? []].flat().filter((name) => typeof name === "string" && Object.hasOwn(properties, name));
  const names = [...new Set([...first, ...Object.keys(properties)].map(String))];
  return Object.fromEntries(names.map((name) => {
    const schema = properties[name];
    return [name, isObject(schema) ? fromGeminiSchema(schema) : {}];
  }));
}

function withNull(schema: JsonObject): JsonObject {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: "null" }] };
  if (schema.type === undefined) return schema;
  const values = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, type: [schema.type, "null"], ...values };
}
