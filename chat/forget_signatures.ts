/** A history told without what binds its thoughts to whoever thought them, for an upstream that refused that. */

import { alterRequest, type AssistantPart, type ChatRequest } from "./request.ts";

/** Whether a thought or call that is bound by these words is told without them. */
export type IsForgotten = (signature: string) => boolean;

/**
 * The request without signatures, and without thoughts that cannot be read; `undefined` where it has none. What its dialect
 * does with thoughts that are not signed is left to it.
 */
export function forgetSignatures(request: ChatRequest, isForgotten: IsForgotten = () => true): ChatRequest | undefined {
  const isMeant = (part: AssistantPart) => {
    const signature = signatureOf(part);
    return signature !== undefined && isForgotten(signature);
  };
  let isAltered = false;
  const messages = request.messages.map((message) => {
    if (message.role !== "assistant" || !message.parts.some(isMeant)) return message;
    isAltered = true;
    return { ...message, parts: message.parts.flatMap((part) => isMeant(part) ? unbound(part) : [part]) };
  });
  return isAltered ? alterRequest(request, { messages }) : undefined;
}

export function signaturesOf({ messages }: ChatRequest): string[] {
  const parts = messages.flatMap((message) => message.role === "assistant" ? message.parts : []);
  return parts.map(signatureOf).filter((signature) => signature !== undefined);
}

function signatureOf(part: AssistantPart): string | undefined {
  if (part.type === "redacted-reasoning") return part.data;
  return "signature" in part ? part.signature : undefined;
}

function unbound(part: AssistantPart): AssistantPart[] {
  if (part.type === "redacted-reasoning") return [];
  if (!("signature" in part)) return [part];
  const { signature: _, ...rest } = part;
  return [rest];
}
