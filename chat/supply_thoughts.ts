/** A history in which every turn of the assistant was thought about, for an upstream that refuses one that was not. */

import { alterRequest, type AssistantMessage, type ChatRequest, type Message } from "./request.ts";

/**
 * Says nothing, and is not nothing: DeepSeek takes an empty thought for none.
 * https://github.com/NousResearch/hermes-agent/pull/17341 (2026-04-29)
 */
export const BLANK_THOUGHT = " ";

/** The request with a blank thought where a turn has none; `undefined` where each has one. */
export function supplyThoughts(request: ChatRequest): ChatRequest | undefined {
  if (!request.messages.some(lacksThought)) return undefined;
  return alterRequest(request, {
    messages: request.messages.map((message) => lacksThought(message) ? think(message) : message),
  });
}

function lacksThought(message: Message): message is AssistantMessage {
  return message.role === "assistant" && !message.parts.some((part) => part.type === "reasoning" && part.text !== "");
}

function think(message: AssistantMessage): AssistantMessage {
  return { ...message, parts: [{ type: "reasoning", text: BLANK_THOUGHT }, ...message.parts] };
}
