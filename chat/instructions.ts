/** The instructions of a conversation: those that lead it, and those said further down. */

import type { ChatRequest, Message, SystemMessage, UserMessage } from "./request.ts";

export function isInstruction(message: Message): message is SystemMessage {
  return message.role === "system" || message.role === "developer";
}

/** How many instructions lead the conversation. */
export function countLeading(messages: readonly Message[]): number {
  const begin = messages.findIndex((message) => !isInstruction(message));
  return begin === -1 ? messages.length : begin;
}

/** The conversation with one more instruction, behind those that lead it. */
export function instruct(messages: readonly Message[], text: string): Message[] {
  const told: SystemMessage = { role: "system", parts: [{ type: "text", text }] };
  return messages.toSpliced(countLeading(messages), 0, told);
}

/** An instruction in the form in which a user may say it, amid a conversation (CASES Q7). */
export function reminder(text: string): string {
  return `<system-reminder>\n${text}\n</system-reminder>`;
}

/**
 * The conversation with later instructions said by the user, in their place; the list itself where there is none. Templates of
 * most models put all instructions first, so that each one that Claude Code adds in a turn changes the beginning of the
 * prompt, and none is found in a cache: https://github.com/farion1231/cc-switch/issues/7252 (2026-09-09)
 */
export function remind(messages: Message[]): Message[] {
  const leading = countLeading(messages);
  if (!messages.some((message, at) => at >= leading && isInstruction(message))) return messages;
  return messages.map((message, at) => at >= leading && isInstruction(message) ? said(message) : message);
}

/** The request whose later instructions the user says; the request itself where there is none. */
export function withReminders(request: ChatRequest): ChatRequest {
  const messages = remind(request.messages);
  return messages === request.messages ? request : { ...request, messages };
}

function said({ parts }: SystemMessage): UserMessage {
  return { role: "user", parts: parts.map((part) => ({ ...part, text: reminder(part.text) })) };
}
