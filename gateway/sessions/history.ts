/** The turns of a session as messages in front of a request. */

import { countLeading, isInstruction } from "../../chat/instructions.ts";
import {
  alterRequest,
  type AssistantPart,
  type ChatRequest,
  type Message,
  type SystemMessage,
  type ToolCallPart,
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
  const whole = turns.filter(({ isIncomplete }) => !isIncomplete);
  const spoken = [...whole, said].map(({ messages }, at) => joinResults(callsOf(whole[at - 1]), messages));
  const past = whole.flatMap((turn, at) => [
    ...spoken[at] ?? [],
    ...answerOf(turn, { withReasoning, next: spoken[at + 1] ?? [] }),
  ]);
  const lead = said.instructions.length > 0 ? said.instructions : instructions;
  if (past.length === 0 && lead === said.instructions) return request;
  return alterRequest(request, { messages: [...lead, ...past, ...spoken.at(-1) ?? []] });
}

function callsOf(turn: SessionTurn | undefined): ToolCallPart[] {
  return turn?.answer.filter((part) => part.type === "tool-call") ?? [];
}

/** The results under their calls' ids: dialects without ids give the name, and an id is made of it. */
function joinResults(calls: readonly ToolCallPart[], messages: readonly Message[]): Message[] {
  const open = [...calls];
  return messages.map((message) => {
    if (message.role !== "tool") return message;
    const byId = open.findIndex(({ id }) => id === message.callId);
    const at = byId === -1 ? open.findIndex(({ name }) => name === message.name) : byId;
    const [call] = at === -1 ? [] : open.splice(at, 1);
    return call === undefined ? message : { ...message, callId: call.id };
  });
}

interface AnswerOptions {
  withReasoning: boolean;
  /** What was said after it. */
  next: readonly Message[];
}

/** Vendors refuse calls without results: those that the client did not go on with are left out. */
function answerOf({ answer }: SessionTurn, { withReasoning, next }: AnswerOptions): Message[] {
  const answered = new Set(next.flatMap((message) => message.role === "tool" ? [message.callId] : []));
  const said = answer.filter((part) => part.type !== "tool-call" || answered.has(part.id));
  // They refuse a call without the thought that led to it as well (CASES K8, K11).
  const isWhole = withReasoning || said.some(({ type }) => type === "tool-call");
  const parts = isWhole ? said : said.filter((part) => !isThought(part));
  return parts.length === 0 ? [] : [{ role: "assistant", parts }];
}

export function isThought({ type }: AssistantPart): boolean {
  return type === "reasoning" || type === "redacted-reasoning";
}
