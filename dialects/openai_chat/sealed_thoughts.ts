/** Signed thoughts for OpenRouter, which hands them on to the vendor that made them, as its clients would send them back. */

import type { JsonObject } from "../../chat/json.ts";
import type { AssistantPart } from "../../chat/request.ts";
import { ownSignature } from "../signatures.ts";

/** Whose thoughts it asks for in each turn that calls tools, and what it calls their form. */
const FORMATS: readonly [model: RegExp, format: string][] = [
  [/claude/i, "anthropic-claude-v1"],
  [/gemini/i, "google-gemini-v1"],
];

/**
 * The `reasoning_details` of a turn whose client speaks another dialect, which carries thoughts but not their form. None where
 * the model wants none, or the turn has none that is signed: https://github.com/musistudio/claude-code-router/issues/1081
 * (2025-12-19), https://openrouter.ai/docs/guides/best-practices/reasoning-tokens#preserving-reasoning-blocks
 */
export function sealedThoughts(parts: readonly AssistantPart[], model: string): JsonObject[] {
  const [, format] = FORMATS.find(([name]) => name.test(model)) ?? [];
  if (format === undefined || !parts.some(isSealed)) return [];
  // Claude takes no thought that is not signed; Gemini seals the call, and its thoughts stand open beside the seal.
  const isKept = (part: AssistantPart) => isSealed(part) || (part.type === "reasoning" && format.startsWith("google"));
  return parts.filter(isKept).map((part, index) => ({ ...detailOf(part, callBehind(parts, part)), format, index }));
}

/** One that the upstream's vendor may have made: those of others bear their names. */
function isSealed(part: AssistantPart): boolean {
  const seal = part.type === "redacted-reasoning" ? part.data : part.type === "reasoning" ? part.signature : undefined;
  return seal !== undefined && ownSignature("anthropic", seal) !== undefined;
}

function detailOf(part: AssistantPart, call: string | undefined): JsonObject {
  if (part.type === "redacted-reasoning") {
    return { type: "reasoning.encrypted", data: part.data, ...(call !== undefined && { id: call }) };
  }
  if (part.type !== "reasoning") return {};
  const signature = isSealed(part) ? part.signature : undefined;
  return { type: "reasoning.text", text: part.text, ...(signature !== undefined && { signature }) };
}

/** The id of the call that a seal stands before: Gemini's is bound to it. */
function callBehind(parts: readonly AssistantPart[], part: AssistantPart): string | undefined {
  const call = parts.slice(parts.indexOf(part)).find(({ type }) => type === "tool-call");
  return call?.type === "tool-call" ? call.id : undefined;
}
