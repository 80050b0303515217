/** What tells a conversation apart from others at OpenAI, whose servers each have a prompt cache of their own. */

import { countLeading, isInstruction } from "../chat/instructions.ts";
import { type ChatRequest, type Message, textOf } from "../chat/request.ts";
import { hashOf } from "./call_id.ts";
import type { Target } from "./dialect.ts";

/** Characters of each message that are looked at: what differs between conversations stands at their beginning. */
const BEGINNING = 4_000;

/**
 * The client's own key; for a client whose dialect has none, one that all turns of a conversation share. Without it half of
 * the turns of an agent were sent to a server that had not seen the others:
 * https://github.com/router-for-me/CLIProxyAPI/issues/5727 (2026-09-10)
 */
export function cacheKeyOf(request: ChatRequest, { quirks, isOwn }: Pick<Target, "quirks"> & { isOwn: boolean }) {
  if (request.cacheKey !== undefined || isOwn || !quirks.cacheKey) return request.cacheKey;
  const { messages } = request;
  const leading = countLeading(messages);
  const question = messages.slice(leading).find((message) => !isInstruction(message));
  const seed = [
    request.user ?? "",
    ...[...messages.slice(0, leading), ...(question ? [question] : [])].map(beginningOf),
  ];
  return `conversation-${hashOf(seed.join("\n"))}`;
}

function beginningOf({ parts }: Message): string {
  return textOf(parts).slice(0, BEGINNING);
}
