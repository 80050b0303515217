/** Thought signatures of calls towards models that refuse a history without them (CASES K11). */

import type { Json, JsonObject } from "../../chat/json.ts";
import { NO_SIGNATURE } from "../../chat/sign_calls.ts";
import { isObject } from "../json.ts";

/** The contents, in which the first call of each turn of the model's is signed. Parallel calls share one signature. */
export function signCalls(contents: readonly JsonObject[]): JsonObject[] {
  return contents.map((content) => {
    const parts = Array.isArray(content.parts) ? content.parts : [];
    const first = parts.findIndex(isCall);
    const isSigned = parts.some((part) => isCall(part) && part.thoughtSignature !== undefined);
    if (first === -1 || isSigned) return content;
    return { ...content, parts: parts.map((part, at) => at === first ? signed(part) : part) };
  });
}

function isCall(part: Json): part is JsonObject {
  return isObject(part) && part.functionCall !== undefined;
}

function signed(part: Json): Json {
  return isObject(part) ? { ...part, thoughtSignature: NO_SIGNATURE } : part;
}
