/** What the requests of one conversation have in common. */

import type { ChatRequest } from "../../chat/request.ts";

export interface Conversation {
  /** Its requests have it alike, and those of another owner or model never. */
  name: string;
  /** Whether an earlier request may have been answered; of one that nobody named, the first begins it. */
  goesOn: boolean;
}

export interface ConversationOptions {
  headers: Headers;
  owner: string;
}

/** OpenCode 1.18.33; OpenRouter's clients; Codex 0.169.0; Claude Code 2.1.329 (measured 2026-11-27). */
const NAMING_HEADERS = ["x-session-affinity", "x-session-id", "session-id", "x-claude-code-session-id"] as const;

/** Characters of each end of a text by which it is told from others. */
const TELLING = 200;

/** The client's own name for it, or else the words it began with: not all clients name their conversations. */
export function conversationOf(request: ChatRequest, { headers, owner }: ConversationOptions): Conversation {
  const named = NAMING_HEADERS.map((name) => headers.get(name)).find((value) => value) ?? request.cacheKey;
  const name = JSON.stringify([owner, request.model, named?.slice(0, TELLING) ?? beginningOf(request)]);
  return { name, goesOn: named !== undefined || request.messages.some(({ role }) => role === "assistant") };
}

function beginningOf({ messages }: ChatRequest): [length: number, from: string, to: string] {
  const first = messages.find(({ role }) => role === "user");
  const text = first?.parts.map((part) => part.type === "text" ? part.text : part.type).join("\n") ?? "";
  return [text.length, text.slice(0, TELLING), text.slice(-TELLING)];
}
