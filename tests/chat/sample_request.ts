/** A plain neutral request for tests, with what matters to one laid over it. */

import type { AssistantPart, ChatRequest, Message } from "../../chat/request.ts";

export function sampleRequest(changes: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: "m",
    messages: [user("Hello there")],
    stream: true,
    includeUsage: true,
    extra: {},
    source: { dialect: "openai_chat", body: {}, text: "{}" },
    ...changes,
  };
}

export function system(text: string): Message {
  return { role: "system", parts: [{ type: "text", text }] };
}

export function user(text: string): Message {
  return { role: "user", parts: [{ type: "text", text }] };
}

export function assistant(...parts: AssistantPart[]): Message {
  return { role: "assistant", parts };
}

export function toolResult(callId: string, text: string): Message {
  return { role: "tool", callId, parts: [{ type: "text", text }] };
}
