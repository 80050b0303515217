/** Makes a JSON Schema acceptable as Gemini's `Schema`, a subset of OpenAPI 3.0, with its meaning kept (CASES G7–G10). */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { arrayKeywords, type Convert, objectKeywords } from "./container_keywords.ts";
import { type FlatNode, flattener, type Trail } from "./flatten.ts";
import { mergeSchemas } from "./merge_schemas.ts";
import { type Keywords, pick, scalarKeywords } from "./typed_keywords.ts";
import { type SchemaType, typesOf } from "./types.ts";

/** Deeper than the API takes, and far from where the call stack ends. */
const DEEPEST = 100;

/** Any value: `Schema` has no word for it. */
const ANY_TYPES: readonly SchemaType[] = ["string", "number", "boolean", "object", "array"];

/**
 * The schema in Gemini's words: references inlined and cycles cut, unions as `anyOf` alone in its node, null as
 * `nullable`, unknown keywords left out, and what only words can say told in the description.
 */
export function toGeminiSchema(root: JsonObject): JsonObject {
  const flatten = flattener(root);
  let depth = 0;

  function convert(schema: Json, trail: Trail): JsonObject {
    if (depth >= DEEPEST) return { type: "OBJECT" };
    depth++;
    const converted = convertNode(flatten(isObject(schema) ? schema : {}, trail));
    depth--;
    return converted;
  }

  function convertNode({ node, trail }: FlatNode): JsonObject {
    const { types, nullable } = typesOf(node);
    const branches = branchesOf(node, types);
    if (branches !== undefined) return convertUnion(branches.map((branch) => flatten(branch, trail)), nullable);
    return typedNode(node, { type: types[0] ?? "string", nullable, convert: (schema) => convert(schema, trail) });
  }

  /** A union must be the only member of its node, so that each branch says all, and null belongs to the first. */
  function convertUnion(branches: readonly FlatNode[], nullable: boolean): JsonObject {
    const values = branches.filter(({ node }) => !isNull(node));
    const [first = { type: "STRING" }, ...others] = values.map(({ node, trail }) => convert(node, trail));
    const head = nullable || values.length < branches.length ? markNullable(first) : first;
    return others.length === 0 ? head : { anyOf: [head, ...others].flatMap(unionOf) };
  }

  return convert(root, new Set());
}

interface TypedOptions {
  type: SchemaType;
  nullable: boolean;
  convert: Convert;
}

function typedNode(node: JsonObject, { type, nullable, convert }: TypedOptions): JsonObject {
  const { members, notes } = keywordsOf(node, type, convert);
  const words = [node.description, ...notes].filter((text) => typeof text === "string" && text !== "");
  return {
    type: type.toUpperCase(),
    ...pick(node, ["title"]),
    ...(words.length > 0 && { description: words.join(" ") }),
    ...(nullable && { nullable }),
    ...members,
  };
}

function keywordsOf(node: JsonObject, type: SchemaType, convert: Convert): Keywords {
  if (type === "object") return objectKeywords(node, convert);
  if (type === "array") return arrayKeywords(node, convert);
  return scalarKeywords(node, type);
}

/** The branches of a node that allows several kinds of values, each with what holds for all; undefined for a plain one. */
function branchesOf(node: JsonObject, types: readonly SchemaType[]): JsonObject[] | undefined {
  const { anyOf, oneOf, nullable: _, ...common } = node;
  const union = [anyOf, oneOf].find((branches) => Array.isArray(branches) && branches.length > 0);
  if (Array.isArray(union)) return union.map((branch) => mergeSchemas(common, isObject(branch) ? branch : {}));
  if (types.length === 1 || isNull(node)) return undefined;
  return (types.length > 1 ? types : ANY_TYPES).map((type) => ({ ...common, type }));
}

/** Whether a node allows null and nothing else. */
function isNull(node: JsonObject): boolean {
  const { types, nullable } = typesOf(node);
  return nullable && types.length === 0 && !Array.isArray(node.anyOf) && !Array.isArray(node.oneOf);
}

function markNullable(schema: JsonObject): JsonObject {
  if (!Array.isArray(schema.anyOf)) return { ...schema, nullable: true };
  const [first, ...others] = schema.anyOf;
  return { anyOf: [isObject(first) ? { ...first, nullable: true } : {}, ...others] };
}

/** The branches of a union within a union: they are branches of the outer one. */
function unionOf(schema: JsonObject): Json[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf : [schema];
}
