/** Makes a request unlike every other, for upstreams that cache an empty answer and would give it again. */

import { countLeading } from "./instructions.ts";
import { alterRequest, type ChatRequest, type UserMessage } from "./request.ts";

/**
 * The request with two short random user messages: one before the conversation (behind the instructions that lead it),
 * one right before the last user message. Thus the conversation still ends on what the model is to answer, be it a
 * question, a tool's result or the beginning of its own words, and no call is parted from its results.
 *
 * @param random a number in [0, 1)
 */
export function varyRequest(request: ChatRequest, random: () => number): ChatRequest {
  const { messages } = request;
  const last = messages.findLastIndex((message) => message.role === "user");
  const varied = messages.flatMap((message, at) => at === last ? [nonce(random), message] : [message]);
  return alterRequest(request, { messages: varied.toSpliced(countLeading(messages), 0, nonce(random)) });
}

/** Eight letters and digits in brackets: a mark that models pass over. */
function nonce(random: () => number): UserMessage {
  const text = Math.floor(random() * 36 ** 8).toString(36).padStart(8, "0");
  return { role: "user", parts: [{ type: "text", text: `[${text}]` }] };
}
