/** Tells the JSON Schemas that every vendor takes from those that one of them was seen to refuse. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** Words that are not looked into: what holds for values, or tells of them. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...["type", "title", "description", "default", "examples", "enum", "format", "pattern", "required", "properties"],
  ...["items", "additionalProperties", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"],
]);
const TYPES: ReadonlySet<Json | undefined> = new Set([
  ...["string", "number", "integer", "boolean", "object", "array", "null"],
]);

/** Whether the schema of a function's parameters is an object's, and says nothing but what all vendors know. */
export function isPlainSchema(schema: JsonObject): boolean {
  const { $schema: _, ...root } = schema;
  return root.type === "object" && isObject(root.properties) && isPlainNode(root);
}

function isPlainNode(node: Json | undefined): boolean {
  if (!isObject(node) || !TYPES.has(node.type)) return false;
  const { type, items, properties = {}, required = [], enum: values = [] } = node;
  if (Object.keys(node).some((word) => !HARMLESS.has(word))) return false;
  if (!isObject(properties) || !isListOf(required, "string")) return false;
  if (!Array.isArray(values) || !isListOf(values, typeof values[0])) return false;
  if (type === "array" ? !isPlainNode(items) : items !== undefined) return false;
  return Object.values(properties).every(isPlainNode);
}

function isListOf(list: Json, type: string): boolean {
  return Array.isArray(list) && list.every((value) => typeof value === type);
}
