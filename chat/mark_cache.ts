/** Marks what of a conversation is worth keeping in Anthropic's prompt cache, for clients whose own vendors cache unasked. */

import { countLeading } from "./instructions.ts";
import type { CacheMark, ChatRequest, Message } from "./request.ts";

const MARK: CacheMark = { type: "ephemeral" };

/**
 * The request with a mark behind its instructions, which stay the same, and one behind its last turn, which the next request
 * begins with. A client's own marks stand. A question that nothing came before and no tool may follow is asked once, and
 * writing it to the cache would cost more than it saves.
 */
export function markCache(request: ChatRequest): ChatRequest {
  const { messages, tools = [] } = request;
  const goesOn = tools.length > 0 || messages.some(({ role }) => role === "assistant");
  if (!goesOn || isMarked(request)) return request;
  const leading = countLeading(messages) - 1;
  const last = messages.findLastIndex((message) => markMessage(message) !== undefined);
  const marked = messages.map((message, at) =>
    at === leading || at === last ? markMessage(message) ?? message : message
  );
  return { ...request, messages: marked };
}

/** Whether the client says itself what is to be kept. */
export function isMarked({ messages, tools = [] }: ChatRequest): boolean {
  const bears = (holder: object) => "cache" in holder;
  return tools.some(bears) || messages.some((message) => bears(message) || message.parts.some(bears));
}

/** `undefined` where it has no place for a mark, as an assistant's turn, or nothing to keep. */
function markMessage(message: Message): Message | undefined {
  if (message.role === "assistant") return undefined;
  if (message.role === "tool") return { ...message, cache: MARK };
  // A mark on an empty text is refused.
  const last = message.parts.findLastIndex((part) =>
    part.type === "image" || (part.type === "text" && part.text.trim() !== "")
  );
  if (last === -1) return undefined;
  const parts = message.parts.map((part, at) => at === last ? { ...part, cache: MARK } : part);
  return { ...message, parts } as Message;
}
