/** Says in words what only one dialect has a part for, to an upstream of another. */

import type { DialectName } from "./event.ts";
import type { ChatRequest, Message, OpaquePart, TextPart } from "./request.ts";

/** The request for an upstream of this dialect, or of none of ours; the very same object where there is nothing to say. */
export function tellOpaque(request: ChatRequest, dialect: DialectName | undefined): ChatRequest {
  const isTold = (part: Message["parts"][number]): part is OpaquePart & { text: string } =>
    part.type === "opaque" && part.dialect !== dialect && part.text !== undefined;
  if (!request.messages.some(({ parts }) => parts.some(isTold))) return request;
  const told = <Part extends Message["parts"][number]>(part: Part): Part | TextPart =>
    isTold(part) ? { type: "text", text: part.text } : part;
  const messages = request.messages.map((message) => ({ ...message, parts: message.parts.map(told) }) as Message);
  return { ...request, messages };
}
