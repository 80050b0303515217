/** Requests for the tests of this dialect. */

import type { ChatRequest } from "../../../chat/request.ts";
import type { Target } from "../../../dialects/dialect.ts";

export function chatRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: "alias",
    messages: [{ role: "user", parts: [{ type: "text", text: "Hi" }] }],
    stream: true,
    includeUsage: true,
    extra: {},
    source: { dialect: "openai_chat", body: {} },
    ...fields,
  };
}

export function target(fields: Partial<Target> = {}): Target {
  return { model: "upstream", stream: false, facts: {}, quirks: {}, ...fields };
}
