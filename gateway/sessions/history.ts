/** The turns of a session as messages in front of a request. */

import { countLeading, isInstruction } from "../../chat/instructions.ts";
import {
  alterRequest,
  type AssistantPart,
  type ChatRequest,
  type Message,
  type SystemMessage,
} from "../../chat/request.ts";
import type { SessionRecord, SessionTurn } from "../../records/session_record.ts";

export interface Said {
  instructions: SystemMessage[];
  messages: Message[];
}

/** What a request says itself: the instructions that lead it, and the rest. */
export function saidIn({ messages }: ChatRequest): Said {
  const lead = countLeading(messages);
  return { instructions: messages.slice(0, lead).filter(isInstruction), messages: messages.slice(lead) };
}

/**
 * Whether the request says answers again: its client keeps the conversation by itself, and a session id is to it what it
 * is to [OpenRouter](https://openrouter.ai/docs/api/api-reference/anthropic-messages/create-messages), which requests
 * belong together. An assistant's message at the end is none, as it begins the answer that is wanted.
 */
export function isWholeConversation({ messages }: ChatRequest): boolean {
  return messages.slice(0, -1).some(({ role }) => role === "assistant");
}

/**
 * The request behind all that was said before; the same object where nothing was. Turns that broke off are left out: who
 * said them will say them again.
 */
export function putInFront(
  request: ChatRequest,
  { instructions, turns }: SessionRecord,
  { withReasoning }: { withReasoning: boolean },
): ChatRequest {
  const said = saidIn(request);
  const past = turns.filter(({ isIncomplete }) => !isIncomplete).flatMap((turn) => messagesOf(turn, withReasoning));
  const lead = said.instructions.length > 0 ? said.instructions : instructions;
  if (past.length === 0 && lead === said.instructions) return request;
  return alterRequest(request, { messages: [...lead, ...past, ...said.messages] });
}

function messagesOf({ messages, answer }: SessionTurn, withReasoning: boolean): Message[] {
  // Vendors refuse a call without the thought that led to it (CASES K8, K11).
  const isWhole = withReasoning || answer.some(({ type }) => type === "tool-call");
  const parts = isWhole ? answer : answer.filter((part) => !isThought(part));
  return parts.length === 0 ? messages : [...messages, { role: "assistant", parts }];
}

export function isThought({ type }: AssistantPart): boolean {
  return type === "reasoning" || type === "redacted-reasoning";
}
