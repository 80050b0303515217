/** JSON that is one line to every reader. */

import type { JsonObject } from "../chat/json.ts";

/**
 * Ends of lines that JSON leaves as they are in its strings. Readers that go by Python's `str.splitlines` end lines there:
 * httpx's `iter_lines`, and with it the official Python clients of Ollama and Gemini, which then fail or lose the frame.
 * Ollama and Google escape the last two themselves.
 */
const ENDS = /[\u0085\u2028\u2029]/g;
const ESCAPES: Readonly<Record<string, string>> = { "\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029" };

export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(ENDS, (end) => ESCAPES[end] ?? end);
}

/** What stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The same for a text alone, in a third of the time for most words of an answer. */
export function jsonText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : jsonLine(text);
}

/** What all frames of a stream begin with, written once: the JSON of an object that is still open. */
export type OpenJson = `{${string}`;

/** @param members one at least, as a comma comes next */
export function openJson(members: JsonObject): OpenJson {
  return jsonLine(members).slice(0, -1) as OpenJson;
}

/** The object with further members, closed. */
export function closeJson(open: OpenJson, members: JsonObject): string {
  const rest = jsonLine(members);
  return rest === "{}" ? `${open}}` : `${open},${rest.slice(1)}`;
}

/** Whether a text has no end of a line in it, whoever reads it. */
export function isOneLine(text: string): boolean {
  return text.search(/[\r\n\u0085\u2028\u2029]/) === -1;
}
