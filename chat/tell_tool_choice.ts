/** Asks in words for a call, where an upstream cannot be made to give one. */

import { instruct } from "./instructions.ts";
import { alterRequest, type ChatRequest, type ToolChoice } from "./request.ts";

/** The request with its model free to choose, and told which choice is wanted; the request itself where it is free already. */
export function tellToolChoice(request: ChatRequest): ChatRequest {
  const { toolChoice, messages } = request;
  const words = toolChoice && wordsFor(toolChoice);
  if (words === undefined) return request;
  return alterRequest(request, { messages: instruct(messages, words), toolChoice: { mode: "auto" } });
}

function wordsFor(choice: ToolChoice): string | undefined {
  if (choice.mode === "tool") return `Answer by calling the tool ${choice.name}, and in no other way.`;
  const isForced = choice.mode === "required" || (choice.mode === "allowed" && choice.required);
  return isForced ? "Answer by calling one of the tools, and in no other way." : undefined;
}
