/** Says in words what only one dialect has a part for, to an upstream of another. */

import type { DialectName } from "./event.ts";
import { alterRequest, type ChatRequest, type Message, type OpaquePart, type TextPart } from "./request.ts";

/** The request for an upstream of this dialect, or of none of ours; the very same object where there is nothing to say. */
export function tellOpaque(request: ChatRequest, dialect: DialectName | undefined): ChatRequest {
  const messages = told(request, (part) => part.dialect !== dialect);
  return messages === undefined ? request : { ...request, messages };
}

/** The request for an upstream that does not know all parts of its own dialect; `undefined` where it has none of this type. */
export function tellType(request: ChatRequest, type: string): ChatRequest | undefined {
  const messages = told(request, (part) => part.value.type === type);
  return messages && alterRequest(request, { messages });
}

function told({ messages }: ChatRequest, isMeant: (part: OpaquePart) => boolean): Message[] | undefined {
  const isTold = (part: Message["parts"][number]): part is OpaquePart & { text: string } =>
    part.type === "opaque" && part.text !== undefined && isMeant(part);
  if (!messages.some(({ parts }) => parts.some(isTold))) return undefined;
  const inWords = <Part extends Message["parts"][number]>(part: Part): Part | TextPart =>
    isTold(part) ? { type: "text", text: part.text } : part;
  return messages.map((message) => ({ ...message, parts: message.parts.map(inWords) }) as Message);
}
