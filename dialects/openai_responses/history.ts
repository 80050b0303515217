/** The messages of a conversation that is told item by item. */

import type { AssistantMessage, AssistantPart, Message } from "../../chat/request.ts";

export interface History {
  messages: Message[];
  add(message: Exclude<Message, AssistantMessage>): void;
  /** What the assistant said in a row is one message, so that parallel calls stay together (CASES P5, T22). */
  say(parts: AssistantPart[]): void;
  /** A message of the assistant's: two in a row stay two, as other dialects would run their texts together. */
  sayApart(parts: AssistantPart[]): void;
}

export function history(): History {
  const messages: Message[] = [];

  function say(parts: AssistantPart[]): void {
    const last = messages.at(-1);
    if (last?.role !== "assistant") {
      if (parts.length > 0) messages.push({ role: "assistant", parts });
      return;
    }
    for (const part of parts) last.parts.push(part);
  }

  return {
    messages,
    add: (message) => void messages.push(message),
    say,
    sayApart(parts) {
      const last = messages.at(-1);
      if (last?.role === "assistant" && endsInText(last)) messages.push({ role: "assistant", parts });
      else say(parts);
    },
  };
}

function endsInText({ parts }: AssistantMessage): boolean {
  const last = parts.at(-1)?.type;
  return (last === "text" || last === "refusal") && !parts.some(({ type }) => type === "tool-call");
}
