/** The smallest value that a JSON Schema's author would recognize: required properties only, the same every time. */

import type { Json, JsonObject } from "../../chat/json.ts";

/** In the order of preference where a schema allows several. */
const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;
type TypeName = (typeof TYPES)[number];

/** A schema may refer to itself, and require what it refers to, many times over. */
const MOST_VALUES = 100;
const LONGEST_TEXT = 1000;

const FORMATS: ReadonlyMap<Json | undefined, string> = new Map([
  ["date", "2025-01-01"],
  ["date-time", "2025-01-01T12:00:00Z"],
  ["time", "12:00:00Z"],
  ["email", "demo@example.com"],
  ["uri", "https://example.com/"],
  ["uuid", "00000000-0000-4000-8000-000000000000"],
]);

export function exampleValue(schema: JsonObject): Json {
  return valueFor(schema, { root: schema, made: { values: 0 } });
}

interface Place {
  root: JsonObject;
  /** Shared by all places of one example. */
  made: { values: number };
}

function valueFor(schema: Json | undefined, place: Place): Json {
  if (place.made.values++ > MOST_VALUES) return null;
  if (!isObject(schema)) return "demo";
  const given = [schema.const, schema.default, ...arrayOf(schema.enum), ...arrayOf(schema.examples)];
  const example = given.find((value) => value !== undefined);
  if (example !== undefined) return example;
  if (typeof schema.$ref === "string") return valueFor(resolve(schema.$ref, place.root), place);
  const options = [...arrayOf(schema.anyOf), ...arrayOf(schema.oneOf)];
  if (options.length > 0) return valueFor(options.find((option) => typeOf(option) !== "null"), place);
  const own = EXAMPLES[typeOf(schema)](schema, place);
  if (!isObject(own)) return own;
  const parts = arrayOf(schema.allOf).map((part) => valueFor(part, place)).filter(isObject);
  return parts.reduce((whole, part) => ({ ...whole, ...part }), own);
}

const EXAMPLES = {
  object: ({ properties, required }, place) => {
    const schemas = isObject(properties) ? properties : {};
    const names = arrayOf(required).filter((name) => typeof name === "string");
    return Object.fromEntries(names.map((name) => [name, valueFor(schemas[name], place)]));
  },
  array: ({ items, minItems }, place) => {
    const length = Math.min(Math.max(1, numberOr(minItems, 1)), MOST_VALUES);
    return Array.from({ length }, () => valueFor(items, place));
  },
  string: ({ format, minLength, maxLength }) => {
    const length = Math.min(numberOr(minLength, 0), LONGEST_TEXT);
    return (FORMATS.get(format) ?? "demo").padEnd(length, ".").slice(0, numberOr(maxLength, Infinity));
  },
  number: exampleNumber,
  integer: (schema) => Math.ceil(exampleNumber(schema)),
  boolean: () => true,
  null: () => null,
} as const satisfies Record<TypeName, (schema: JsonObject, place: Place) => Json>;

function exampleNumber({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): number {
  const least = Math.max(numberOr(minimum, -Infinity), numberOr(exclusiveMinimum, -Infinity) + 1);
  const most = Math.min(numberOr(maximum, Infinity), numberOr(exclusiveMaximum, Infinity) - 1);
  return Math.min(Math.max(1, least), most);
}

function typeOf(schema: Json): TypeName {
  if (!isObject(schema)) return "string";
  const named = [schema.type].flat();
  const type = TYPES.find((type) => named.includes(type));
  if (type !== undefined) return type;
  if (schema.properties !== undefined || schema.allOf !== undefined) return "object";
  return schema.items === undefined ? "string" : "array";
}

/** Follows a local reference: `#/$defs/city`. */
function resolve(reference: string, root: JsonObject): Json | undefined {
  const keys = reference.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return keys.reduce<Json | undefined>((node, key) => isObject(node) ? node[key] : undefined, root);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function arrayOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function numberOr(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
