/** Notes on a text: the Responses API has a note's members beside its type, Chat Completions in an object of its own. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** The kinds that have a neutral form, which is Chat Completions'; others stay as they are. */
const KINDS: ReadonlySet<Json | undefined> = new Set(["url_citation", "file_citation"]);

export function parseAnnotation({ type, ...members }: JsonObject): JsonObject {
  const isFlat = KINDS.has(type) && !isObject(members[String(type)]);
  return isFlat ? { type, [String(type)]: members } : { type, ...members };
}

/** Clients check that a file has an id and a place among the files, which other vendors do not tell. */
export function formatAnnotation({ type, ...members }: JsonObject): JsonObject {
  const { [String(type)]: inner, ...others } = members;
  if (!isObject(inner)) return { type, ...members };
  return { type, ...(type === "file_citation" && { file_id: "", index: 0 }), ...inner, ...others };
}
