/** The marks by which Anthropic's clients say what to keep in the prompt cache. */

import type { ChatRequest } from "../chat/request.ts";
import type { LossList } from "./losses.ts";

/** Names them as lost, once: a client marks most of what it sends. */
export function loseCacheMarks({ messages, tools = [] }: ChatRequest, lost: LossList): void {
  const isMarked = (holder: object) => "cache" in holder;
  const hasMark = tools.some(isMarked) ||
    messages.some((message) => isMarked(message) || message.parts.some(isMarked));
  if (hasMark) lost.add("cache", "the API caches by itself");
}
