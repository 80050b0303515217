/** The keywords of objects and arrays, whose members are schemas again (CASES G9, G10). */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { type Keywords, pick } from "./typed_keywords.ts";

/** Converts a schema below the node. */
export type Convert = (schema: Json) => JsonObject;

/** An object may be without properties, but not require one that it does not have. */
export function objectKeywords(node: JsonObject, convert: Convert): Keywords {
  const declared = Object.entries(isObject(node.properties) ? node.properties : {});
  // `false` is the schema that no value fits: such a property cannot be given.
  const possible = declared.filter(([, schema]) => schema !== false);
  const properties = Object.fromEntries(possible.map(([name, schema]) => [name, convert(schema ?? {})]));
  const isDeclared = (name: Json) => typeof name === "string" && Object.hasOwn(properties, name);
  const required = [node.required ?? []].flat().filter(isDeclared);
  const { additionalProperties: values } = node;
  const isMap = possible.length === 0 && isObject(values) && Object.keys(values).length > 0;
  return {
    members: {
      ...(possible.length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...pick(node, ["minProperties", "maxProperties"]),
    },
    notes: isMap ? [`A map with values of this schema: ${JSON.stringify(convert(values))}`] : [],
  };
}

/** Every array needs its `items`. A tuple becomes an array of as many items, each of any of its types. */
export function arrayKeywords(node: JsonObject, convert: Convert): Keywords {
  const tuple = [node.prefixItems, node.items].find(Array.isArray);
  if (tuple === undefined) {
    return {
      members: { items: convert(node.items ?? { type: "string" }), ...pick(node, ["minItems", "maxItems"]) },
      notes: [],
    };
  }
  return { members: { items: convert(anyOf(tuple)), minItems: tuple.length, maxItems: tuple.length }, notes: [] };
}

function anyOf(schemas: readonly Json[]): Json {
  const [first = {}, ...others] = new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values();
  return others.length === 0 ? first : { anyOf: [first, ...others] };
}
