/** A history told without its pictures, for a model that sees none. */

import { alterRequest, type ChatRequest, type Message, type UserPart } from "./request.ts";

const UNSEEN = "[A picture, which this model cannot see]";

/**
 * The request with a note for each picture of what came before, results of tools included; `undefined` where there is none.
 * What the user shows in the last turn stays: an answer that has not seen it is none.
 */
export function forgetPictures(request: ChatRequest): ChatRequest | undefined {
  const last = request.messages.findLastIndex(({ role }) => role === "user");
  let isForgotten = false;

  function told(part: UserPart): UserPart {
    if (part.type !== "image") return part;
    isForgotten = true;
    return { type: "text", text: UNSEEN };
  }

  const messages = request.messages.map((message, at): Message =>
    (message.role === "user" && at !== last) || message.role === "tool"
      ? { ...message, parts: message.parts.map(told) }
      : message
  );
  return isForgotten ? alterRequest(request, { messages }) : undefined;
}
