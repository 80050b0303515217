/** Thoughts under all the names that vendors give them, and as we write them (CASES K1, K6). */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ReasoningPart, RedactedReasoningPart } from "../../chat/request.ts";
import { isObject } from "../json.ts";

export type Thought = ReasoningPart | RedactedReasoningPart;

/** The members that hold plain thoughts, the most common first: where several coexist they say the same. */
const TEXT_NAMES = ["reasoning_content", "reasoning", "reasoning_text", "thinking"] as const;
/** The members that hold lists of typed blocks: OpenRouter's and LiteLLM's. */
const BLOCK_NAMES = ["reasoning_details", "thinking_blocks"] as const;

/** Every member of a message or delta that holds thoughts. */
export const REASONING_NAMES = [...TEXT_NAMES, ...BLOCK_NAMES] as const;

/** The thoughts of a message or delta, each once. */
export function readThoughts(holder: Readonly<Record<string, unknown>>): Thought[] {
  if (hasNone(holder)) return [];
  const blocks = BLOCK_NAMES.map((name) => readBlocks(holder[name])).find((found) => found.length > 0) ?? [];
  if (blocks.some((block) => block.type === "reasoning" && block.text !== "")) return blocks;
  const text = TEXT_NAMES.map((name) => textIn(holder[name])).find((found) => found !== "") ?? "";
  if (text === "") return blocks;
  const signed = blocks.findIndex((block) => block.type === "reasoning");
  if (signed === -1) return [{ type: "reasoning", text }, ...blocks];
  return blocks.map((block, at) => at === signed ? { ...block, type: "reasoning" as const, text } : block);
}

/** Each by its name, as every chunk is asked: by names from a list it would take V8 several times as long. */
function hasNone(holder: { readonly [Name in (typeof REASONING_NAMES)[number]]?: unknown }): boolean {
  return holder.reasoning_content === undefined && holder.reasoning === undefined &&
    holder.reasoning_text === undefined && holder.thinking === undefined &&
    holder.reasoning_details === undefined && holder.thinking_blocks === undefined;
}

/** A block as OpenRouter's `reasoning_details` has it; `index` is what its clients join the blocks by. */
export function formatThought(thought: Thought, index: number): JsonObject {
  return thought.type === "reasoning"
    ? { type: "reasoning.text", text: thought.text, ...signatureOf(thought.signature), index }
    : { type: "reasoning.encrypted", data: thought.data, index };
}

function readBlocks(list: unknown): Thought[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).flatMap((block): Thought[] => {
    if (typeof block.data === "string" && block.data !== "") return [{ type: "redacted-reasoning", data: block.data }];
    const text = textIn(block);
    const signature = signatureOf(block.signature);
    return text === "" && !("signature" in signature) ? [] : [{ type: "reasoning", text, ...signature }];
  });
}

/** A string, an object around one, or a list of either. */
function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textIn).join("");
  if (!isObject(value)) return "";
  return textIn(value.text ?? value.content ?? value.summary ?? value.thinking);
}

function signatureOf(signature: Json | undefined): { signature?: string } {
  return typeof signature === "string" && signature !== "" ? { signature } : {};
}
