/** The instructions of a conversation: those that lead it, and those said further down. */

import type { Message, SystemMessage } from "./request.ts";

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
