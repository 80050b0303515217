/** Clients of the older `functions`, which read `function_call` in place of `tool_calls`. */

import type { ChatRequest } from "../../chat/request.ts";

/** Whether the client asked in the older form. */
export function isLegacy({ source: { dialect, body } }: ChatRequest): boolean {
  return dialect === "openai_chat" && Array.isArray(body.functions) && !Array.isArray(body.tools);
}
