/** What a model said, as parts for a client. */

import type { JsonObject } from "../../chat/json.ts";
import type { ReplyPart } from "../../chat/reply.ts";
import type { ChatRequest, ToolCallPart } from "../../chat/request.ts";
import { argumentsObject } from "../call_arguments.ts";
import { ownSignature } from "../signatures.ts";
import { restoreToolName } from "../tool_ids.ts";

/** The parts for one piece of an answer; none where this dialect cannot say it. */
export function formatReplyPart(part: ReplyPart, request: ChatRequest): JsonObject[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text === "" ? [] : [{ text: part.text }];
    case "reasoning":
      return formatThought(part.text, part.signature ?? "", request);
    case "tool-call":
      return [formatCall(part, request)];
    case "media":
      return [{ inlineData: { mimeType: part.mediaType, data: part.data } }];
    case "image":
      return part.source.kind === "base64"
        ? [{ inlineData: { mimeType: part.source.mediaType, data: part.source.data } }]
        : [];
    case "opaque":
      return part.dialect === "gemini" ? [part.value] : [];
    case "redacted-reasoning":
      return [];
    default:
      return part satisfies never;
  }
}

/**
 * Thoughts are for clients that ask for them, as the API has it: some show every text (DIALECTS.md §1.4). Google's own
 * signatures stand, as in its streams, in a part without text; another vendor's belongs to its thought and comes back
 * with it.
 */
function formatThought(text: string, signature: string, { reasoning }: ChatRequest): JsonObject[] {
  const shown = reasoning?.show === true;
  const own = ownSignature("gemini", signature);
  const sealed = formatSignature(own ?? signature);
  const isSealed = "thoughtSignature" in sealed;
  const isThought = shown && (text !== "" || (isSealed && own === undefined));
  return [
    ...(isThought ? [{ text, thought: true, ...(own === undefined && sealed) }] : []),
    ...(isSealed && own !== undefined ? [{ text: "", ...sealed }] : []),
  ];
}

/** Clients read signatures as base64, so that one of another alphabet stays here. */
function formatSignature(signature: string | undefined): { thoughtSignature?: string } {
  return signature !== undefined && /^[A-Za-z0-9+/_-]+=*$/.test(signature) ? { thoughtSignature: signature } : {};
}

/** Text that is no object of arguments is kept as one, as no arguments at all would be another call. */
function formatCall({ id, name, json, signature }: ToolCallPart, { tools }: ChatRequest): JsonObject {
  const args = argumentsObject(json) ?? { _raw: json };
  const functionCall = { id, name: restoreToolName(name, tools), args };
  return { functionCall, ...formatSignature(signature) };
}
