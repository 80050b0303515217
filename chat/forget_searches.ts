/** A history told without the searches of the web that the gateway told of in Anthropic's words, for Anthropic itself. */

import { alterRequest, type AssistantPart, type ChatRequest } from "./request.ts";
import type { Json, JsonObject } from "./json.ts";

/**
 * The request without searches whose pages lack the mark that only Anthropic makes; `undefined` where it has none. What was
 * said of the pages is in the text.
 */
export function forgetSearches(request: ChatRequest): ChatRequest | undefined {
  const made = new Set<Json | undefined>(
    request.messages.flatMap(({ parts }) => parts.map(madeSearchOf).filter((id) => id !== undefined)),
  );
  if (made.size === 0) return undefined;
  const isKept = (part: AssistantPart) =>
    part.type !== "opaque" || !(made.has(part.value.tool_use_id) || made.has(part.value.id));
  const messages = request.messages.map((message) =>
    message.role === "assistant" ? { ...message, parts: message.parts.filter(isKept) } : message
  );
  return alterRequest(request, { messages });
}

/** The id of the search that a part is the result of, where another vendor ran it. */
function madeSearchOf(part: { type: string; value?: JsonObject }): Json | undefined {
  if (part.type !== "opaque" || part.value?.type !== "web_search_tool_result") return undefined;
  const { content, tool_use_id } = part.value;
  return Array.isArray(content) && content.some(isUnmarked) ? tool_use_id : undefined;
}

function isUnmarked(page: Json): boolean {
  return typeof page === "object" && page !== null && !Array.isArray(page) && page.encrypted_content === "";
}
