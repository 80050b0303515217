/** Finds what a `$ref` of a JSON Schema points to. */

import type { Json, JsonObject } from "../../chat/json.ts";

/**
 * The value at a reference within `root`: a JSON pointer (RFC 6901) in a fragment, to any place, not only to `$defs`.
 * Undefined for other documents, and for what is not there.
 */
export function resolveRef(root: JsonObject, ref: string): Json | undefined {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  return ref.slice("#/".length).split("/").map(unescape).reduce<Json | undefined>(memberOf, root);
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Array.isArray(value) ? value[Number(key)] : value[key];
}

function unescape(token: string): string {
  return decodePercent(token).replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A stray `%` makes `decodeURIComponent` throw; the key is then taken as it is written. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
