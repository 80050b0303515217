/** The keywords of a node of one type, in the words of Gemini's `Schema` (CASES G8, G10). */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isOfType, type SchemaType, valuesOf } from "./types.ts";

/** What the schema says in keywords, and what only its description can say. */
export interface Keywords {
  members: JsonObject;
  notes: string[];
}

/** Formats the API takes; any other is a 400 (https://ai.google.dev/api/caching#Schema). */
const FORMATS = {
  object: [],
  array: [],
  string: ["date-time", "enum"],
  integer: ["int32", "int64"],
  number: ["float", "double"],
  boolean: [],
} as const satisfies Record<SchemaType, readonly string[]>;

export function scalarKeywords(node: JsonObject, type: Exclude<SchemaType, "object" | "array">): Keywords {
  const limits = type === "string"
    ? pick(node, ["minLength", "maxLength", "pattern"])
    : type === "boolean"
    ? {}
    : rangeOf(node, type);
  const values = valueKeywords(node, type);
  const format = formatOf(node, type);
  return {
    members: { ...limits, ...values.members, ...format.members },
    notes: [...values.notes, ...format.notes],
  };
}

/** An enum may hold strings only, and no empty one. Other values are told in words. */
function valueKeywords(node: JsonObject, type: SchemaType): Keywords {
  const values = valuesOf(node).filter((value) =>
    isOfType(value, type) || (type === "number" && isOfType(value, "integer"))
  );
  if (values.length === 0) return { members: {}, notes: [] };
  const listed = values.map((value) => JSON.stringify(value)).join(", ");
  if (type === "string" && !values.includes("")) return { members: { enum: values }, notes: [] };
  return { members: spanOf(values), notes: [values.length === 1 ? `Always ${listed}.` : `One of ${listed}.`] };
}

function spanOf(values: readonly Json[]): JsonObject {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  return numbers.length === 0 ? {} : { minimum: numbers[0], maximum: numbers.at(-1) };
}

function formatOf({ format }: JsonObject, type: SchemaType): Keywords {
  if (typeof format !== "string") return { members: {}, notes: [] };
  const taken: readonly string[] = FORMATS[type];
  return taken.includes(format) ? { members: { format }, notes: [] } : { members: {}, notes: [`Format: ${format}.`] };
}

/** Exclusive limits as inclusive ones: exact for whole numbers. In OpenAPI 3.0 they are flags on the limit beside them. */
function rangeOf(node: JsonObject, type: "integer" | "number"): JsonObject {
  const step = type === "integer" ? 1 : 0;
  const minimum = limitOf(node.minimum, node.exclusiveMinimum, step);
  const maximum = limitOf(node.maximum, node.exclusiveMaximum, -step);
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}

function limitOf(inclusive: Json | undefined, exclusive: Json | undefined, step: number): number | undefined {
  if (typeof exclusive === "number") return exclusive + step;
  if (typeof inclusive !== "number") return undefined;
  return exclusive === true ? inclusive + step : inclusive;
}

/** The members of these names that hold a number or a text. */
export function pick(node: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => typeof node[name] === "number" || typeof node[name] === "string")
      .map((name) => [name, node[name]]),
  );
}
