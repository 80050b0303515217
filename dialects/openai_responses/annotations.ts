/** Notes on a text: the Responses API has a note's members beside its type, Chat Completions in an object of its own. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** The kinds that have a neutral form, which is Chat Completions'; others stay as they are. */
const KINDS: ReadonlySet<Json | undefined> = new Set(["url_citation", "file_citation"]);

export function parseAnnotation({ type, ...members }: JsonObject): JsonObject {
  const isFlat = KINDS.has(type) && !isObject(members[String(type)]);
  return isFlat ? { type, [String(type)]: members } : { type, ...members };
}

/**
 * The annotation with its places counted from elsewhere: here they are those in the text of its part, in the neutral form
 * those in all the text. One that lies before is none of this text's: it then stands at its beginning.
 */
export function moveAnnotation(annotation: JsonObject, by: number): JsonObject {
  const { [String(annotation.type)]: inner } = annotation;
  if (by === 0 || !isObject(inner)) return annotation;
  const { start_index, end_index } = inner;
  if (typeof start_index !== "number" || typeof end_index !== "number") return annotation;
  const moved = { start_index: Math.max(0, start_index + by), end_index: Math.max(0, end_index + by) };
  return { ...annotation, [String(annotation.type)]: { ...inner, ...moved } };
}

/** Clients check that a file has an id and a place among the files, which other vendors do not tell. */
export function formatAnnotation({ type, ...members }: JsonObject): JsonObject {
  const { [String(type)]: inner, ...others } = members;
  if (!isObject(inner)) return { type, ...members };
  return { type, ...(type === "file_citation" && { file_id: "", index: 0 }), ...inner, ...others };
}
