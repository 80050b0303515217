/** A chunk of an upstream's as a client may be sent it: as it is, or with the one thing added that clients need. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { isOneLine, jsonLine } from "../json_line.ts";

/**
 * The chunk's JSON in one line, or `undefined` where no client is to see it. The official clients forget the whole turn
 * if one chunk has a candidate without parts (DIALECTS.md §0.5), and Google's last one sometimes has none: it is given an
 * empty text, and all else stays.
 */
export function relayChunk(chunk: JsonObject, text: string): string | undefined {
  const { candidates } = chunk;
  if (!Array.isArray(candidates) || candidates.length === 0) {
    return isObject(chunk.promptFeedback) ? inOneLine(chunk, text) : undefined;
  }
  if (candidates.every(isSound)) return inOneLine(chunk, text);
  return candidates.every((candidate) => isObject(candidate))
    ? jsonLine({ ...chunk, candidates: candidates.map(mend) })
    : undefined;
}

/** The official clients do not join the `data:` lines of an event (measured with `@google/genai` 3.1). */
function inOneLine(chunk: JsonObject, text: string): string {
  return isOneLine(text) ? text : jsonLine(chunk);
}

function isSound(candidate: Json): boolean {
  if (!isObject(candidate) || !isObject(candidate.content)) return false;
  const { role, parts } = candidate.content;
  return typeof role === "string" && Array.isArray(parts) && parts.length > 0 && parts.every(saysSomething);
}

function saysSomething(part: Json): boolean {
  return isObject(part) && Object.keys(part).length > 0;
}

function mend(candidate: Json): Json {
  if (!isObject(candidate) || isSound(candidate)) return candidate;
  const content = isObject(candidate.content) ? candidate.content : {};
  const parts = Array.isArray(content.parts) ? content.parts.filter(saysSomething) : [];
  return { ...candidate, content: { role: "model", ...content, parts: parts.length > 0 ? parts : [{ text: "" }] } };
}
