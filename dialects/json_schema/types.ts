/** The types a schema node allows, told from `type` or, where it is missing, from what else the node says. */

import type { Json, JsonObject } from "../../chat/json.ts";

export const SCHEMA_TYPES = ["object", "array", "string", "integer", "number", "boolean"] as const;
export type SchemaType = (typeof SCHEMA_TYPES)[number];

/** Keywords that make sense for one type only. */
const TELLTALES: readonly [SchemaType, readonly string[]][] = [
  ["object", ["properties", "required", "additionalProperties", "patternProperties"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems"]],
  ["string", ["pattern", "minLength", "maxLength", "format"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]],
];

/** The types but null, and whether null is allowed as well. No types where the node leaves them open. */
export function typesOf(node: JsonObject): { types: SchemaType[]; nullable: boolean } {
  const named = [node.type].flat().filter((type) => typeof type === "string").map((type) => type.toLowerCase());
  const values = valuesOf(node);
  const types = SCHEMA_TYPES.filter((type) => named.includes(type));
  return {
    types: named.length > 0 ? types : inferTypes(node, values),
    nullable: node.nullable === true || named.includes("null") || values.includes(null),
  };
}

/** The values a node is limited to by `enum` or `const`; none where it is not. */
export function valuesOf(node: JsonObject): Json[] {
  if (node.const !== undefined) return [node.const];
  return Array.isArray(node.enum) ? node.enum : [];
}

function inferTypes(node: JsonObject, values: readonly Json[]): SchemaType[] {
  if (values.length > 0) return SCHEMA_TYPES.filter((type) => values.some((value) => isOfType(value, type)));
  return TELLTALES.filter(([, keywords]) => keywords.some((keyword) => keyword in node)).map(([type]) => type);
}

/** Each value has one type: a whole number is an integer, not a number as well. */
export function isOfType(value: Json, type: SchemaType): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && !Number.isInteger(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    default:
      return type satisfies never;
  }
}
