/** A history in which every turn with calls is signed, for a model of Gemini's that refuses one that is not (CASES K11). */

import { alterRequest, type AssistantMessage, type ChatRequest, type Message } from "./request.ts";

/**
 * Stands for a signature that was lost, or never was: the call came from another model.
 * https://ai.google.dev/gemini-api/docs/thought-signatures; Vertex knows this word alone:
 * https://github.com/pydantic/pydantic-ai/issues/3881 (2025-12-29)
 */
export const NO_SIGNATURE = "skip_thought_signature_validator";

/** The request with a word for a signature where a turn's calls have none; `undefined` where each has one. */
export function signCalls(request: ChatRequest): ChatRequest | undefined {
  if (!request.messages.some(isUnsigned)) return undefined;
  return alterRequest(request, {
    messages: request.messages.map((message) => isUnsigned(message) ? signed(message) : message),
  });
}

/** Parallel calls share one signature. */
function isUnsigned(message: Message): message is AssistantMessage {
  if (message.role !== "assistant") return false;
  const calls = message.parts.filter((part) => part.type === "tool-call");
  return calls.length > 0 && calls.every(({ signature }) => signature === undefined);
}

function signed(message: AssistantMessage): AssistantMessage {
  const first = message.parts.findIndex(({ type }) => type === "tool-call");
  const parts = message.parts.map((part, at) => at === first ? { ...part, signature: NO_SIGNATURE } : part);
  return { ...message, parts };
}
