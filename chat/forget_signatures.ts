/** A history told without what binds its thoughts to whoever thought them, for an upstream that refused that. */

import { alterRequest, type AssistantPart, type ChatRequest } from "./request.ts";

/**
 * The request without signatures, and without thoughts that cannot be read; `undefined` where it has none. What its dialect
 * does with thoughts that are not signed is left to it.
 */
export function forgetSignatures(request: ChatRequest): ChatRequest | undefined {
  let isForgotten = false;
  const messages = request.messages.map((message) => {
    if (message.role !== "assistant" || !message.parts.some(isBound)) return message;
    isForgotten = true;
    return { ...message, parts: message.parts.flatMap(unbound) };
  });
  return isForgotten ? alterRequest(request, { messages }) : undefined;
}

function isBound(part: AssistantPart): boolean {
  return part.type === "redacted-reasoning" || ("signature" in part && part.signature !== undefined);
}

function unbound(part: AssistantPart): AssistantPart[] {
  if (part.type === "redacted-reasoning") return [];
  if (!("signature" in part)) return [part];
  const { signature: _, ...rest } = part;
  return [rest];
}
