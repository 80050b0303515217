/** Reasoning items of a history, both ways. */

import type { JsonObject } from "../../chat/json.ts";
import type { ReasoningPart, RedactedReasoningPart } from "../../chat/request.ts";
import type { LossList } from "../losses.ts";
import { ownContent, parseEncrypted } from "./encrypted_content.ts";
import type { RequestItem } from "./schema.ts";

export type Thought = ReasoningPart | RedactedReasoningPart;

/** Paragraphs stand for the parts of a summary: other dialects know one text only. */
export const PART_BREAK = "\n\n";

export interface ParsedReasoning {
  thoughts: Thought[];
  /** A signature that belongs to the call that follows. */
  callSignature?: string;
}

/** An item that says nothing, as those of a stored conversation do, is no thought. */
export function parseReasoningItem(item: Extract<RequestItem, { type: "reasoning" }>): ParsedReasoning {
  const text = joinTexts(item.summary) || joinTexts(item.content);
  const unsigned: Thought[] = text === "" ? [] : [{ type: "reasoning", text }];
  if (!item.encrypted_content) return { thoughts: unsigned };
  const sealed = parseEncrypted(item.encrypted_content);
  switch (sealed.kind) {
    case "thought":
      return { thoughts: [{ type: "reasoning", text, signature: sealed.text }] };
    case "redacted":
      return { thoughts: [...unsigned, { type: "redacted-reasoning", data: sealed.text }] };
    case "call":
      return { thoughts: unsigned, callSignature: sealed.text };
    default:
      return sealed.kind satisfies never;
  }
}

function joinTexts(parts: readonly { text: string }[] | null | undefined): string {
  return (parts ?? []).map(({ text }) => text).filter((text) => text !== "").join(PART_BREAK);
}

export interface ThoughtOptions {
  path: string;
  lost: LossList;
  /** The upstream wants its plain thoughts back, as open models behind this API do. */
  replayReasoning: boolean;
}

/** The item for an upstream, or `undefined` for a thought that it did not think itself (CASES K7). */
export function formatThought(part: Thought, { path, lost, replayReasoning }: ThoughtOptions): JsonObject | undefined {
  if (part.type === "redacted-reasoning") return lost.add(path, "the thought is encrypted by another vendor");
  const content = part.signature === undefined ? undefined : ownContent(part.signature);
  if (content !== undefined) {
    const summary = part.text === "" ? [] : [{ type: "summary_text", text: part.text }];
    return { type: "reasoning", summary, encrypted_content: content };
  }
  if (replayReasoning && part.text !== "") {
    return { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: part.text }] };
  }
  const whose = part.signature === undefined ? "the thought is not signed" : "the thought is signed by another vendor";
  return lost.add(path, whose);
}
