/** The result of a call between text, as most dialects have it, and the object that this one wants (CASES G13). */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject, parseJson } from "../json.ts";

/** The keys that the API itself reads: https://ai.google.dev/api/caching#FunctionResponse; `result` is the SDKs'. */
const OUTPUT_KEYS = ["output", "result"];
const ERROR_KEY = "error";

/** The AI SDK's, beside the function's own name: https://github.com/vercel/ai/tree/main/packages/google (v4, 2026-11). */
const NAMED_KEYS = ["content", ERROR_KEY];

/** A result's text, and whether it tells of a failure. An object that is no envelope is its own JSON. */
export function unwrapResponse(response: Json | undefined, name?: string): { text: string; isError: boolean } {
  if (!isObject(response)) return { text: textOf(response), isError: false };
  const isNamed = name !== undefined && response.name === name;
  const [only, ...others] = Object.keys(response).filter((key) => !isNamed || key !== "name");
  if (only === undefined) return { text: isNamed ? textOf(response) : "", isError: false };
  const isEnvelope = others.length === 0 && (isNamed ? NAMED_KEYS : [...OUTPUT_KEYS, ERROR_KEY]).includes(only);
  return { text: textOf(isEnvelope ? response[only] : response), isError: isEnvelope && only === ERROR_KEY };
}

/** A result as an object: its own if it is one, else in an envelope. */
export function wrapResponse(text: string, isError: boolean): JsonObject {
  if (isError) return { [ERROR_KEY]: text };
  const value = parseJson(text);
  return isObject(value) && survives(text) ? value : { output: text };
}

/**
 * What a result may hold beside its object since the third generation, within the result: an older model refuses it
 * (https://github.com/maximhq/bifrost/pull/4202, https://github.com/agentjido/req_llm/pull/701, 2026-06).
 */
const MEDIA_TYPES: ReadonlySet<unknown> = new Set([
  "image/png",
  "image/jpeg",
  "image/webp",
  "application/pdf",
  "text/plain",
]);

/** Whether a part can stand within a result: the API takes no resolution there, and opens no address. */
export function fitsResponse(part: JsonObject): boolean {
  const { inlineData, ...others } = part;
  return isObject(inlineData) && MEDIA_TYPES.has(inlineData.mimeType) && Object.keys(others).length === 0;
}

/**
 * Whether an object says the same when the API reads it: it takes a `$ref` as pointing to a file
 * (https://github.com/vercel/ai/issues/14369), and a number of more digits than a double holds is not what it was.
 */
function survives(text: string): boolean {
  return !text.includes('"$ref"') && !/\d{16}/.test(text);
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
