/** A JSON Schema as strict vendors take it: no references, one type to a node, a union alone in its node. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { fromGeminiSchema } from "./from_gemini.ts";
import { mergeSchemas } from "./merge_schemas.ts";
import { toGeminiSchema } from "./to_gemini.ts";

/**
 * The schema of a function's parameters. Several vendors take no union in place of the object, OpenAI no list without
 * `items` and no object without `properties`; Moonshot takes a subset of JSON Schema that is much like Gemini's, save for null:
 * https://github.com/MoonshotAI/walle/blob/main/docs/mfjs-spec.md (seen 2026-11-28).
 */
export function toPlainSchema(root: JsonObject): JsonObject {
  return { properties: {}, ...withoutTypeLists(asObject(fromGeminiSchema(toGeminiSchema(root)))) };
}

/** Arguments are one object, whichever of several they are: with the members of all, and required what all of them require. */
function asObject(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema.type === "object" ? schema : { type: "object" };
  const branches = anyOf.filter(isObject).filter(({ type }) => type === "object");
  const requiredBy = branches.map(({ required }) => Array.isArray(required) ? required : []);
  const [first = [], ...others] = requiredBy;
  const required = first.filter((name) => others.every((names) => names.includes(name)));
  const { required: _, ...merged } = branches.reduce<JsonObject>(mergeSchemas, {});
  return { ...rest, ...merged, type: "object", ...(required.length > 0 && { required }) };
}

function withoutTypeLists(node: JsonObject): JsonObject {
  const { properties, items, anyOf } = node;
  const told: JsonObject = {
    ...node,
    ...(isObject(properties) && { properties: mapValues(properties, below) }),
    ...(isObject(items) && { items: withoutTypeLists(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(below) }),
  };
  if (!Array.isArray(node.type)) return told;
  const { type: types, enum: values, ...rest } = told;
  const typed = (type: Json): JsonObject =>
    type === "null" ? { type } : { type, ...rest, ...(Array.isArray(values) && { enum: values.filter(isValue) }) };
  return { anyOf: [types ?? []].flat().map(typed) };
}

function below(schema: Json): Json {
  return isObject(schema) ? withoutTypeLists(schema) : schema;
}

function isValue(value: Json): boolean {
  return value !== null;
}

function mapValues(object: JsonObject, map: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value ?? {})]));
}
