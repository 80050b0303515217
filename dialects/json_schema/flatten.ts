/** Takes the indirections out of the nodes of a schema, one by one: `$ref` and `allOf` (CASES G7). */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { mergeSchemas } from "./merge_schemas.ts";
import { resolveRef } from "./resolve_ref.ts";

export interface FlatNode {
  /** Without `$ref` and `allOf`; its children still have theirs. */
  node: JsonObject;
  /** The references that led here. One that comes again below is a cycle. */
  trail: Trail;
}

export type Trail = ReadonlySet<string>;
export type Flatten = (schema: JsonObject, trail: Trail) => FlatNode;

/** References that each lead to two others make a small schema huge: behind so many nodes all is cut. */
const MOST_NODES = 5_000;
/** References that only lead on to the next one. */
const LONGEST_TRAIL = 100;

/** What a cycle is cut to: the schema would have no end. */
const ANY_OBJECT: JsonObject = { type: "object" };

/** A reference that comes back to itself is cut, one that leads nowhere says nothing; what stands beside it is kept. */
export function flattener(root: JsonObject): Flatten {
  let nodes = 0;

  return function flatten(schema: JsonObject, trail: Trail): FlatNode {
    if (++nodes > MOST_NODES) return { node: ANY_OBJECT, trail };
    const { $ref: ref, allOf, ...own } = schema;
    const isRef = typeof ref === "string";
    if (isRef && (trail.has(ref) || trail.size >= LONGEST_TRAIL)) return { node: { ...ANY_OBJECT, ...own }, trail };

    const led = isRef ? new Set([...trail, ref]) : trail;
    const targets: (Json | undefined)[] = isRef ? [resolveRef(root, ref)] : [];
    const bases = [...targets, ...(Array.isArray(allOf) ? allOf : [])]
      .filter((base) => isObject(base))
      .map((base) => flatten(base, led));
    return {
      node: [...bases.map((base) => base.node), own].reduce(mergeSchemas, {}),
      trail: new Set([...led, ...bases.flatMap((base) => [...base.trail])]),
    };
  };
}
