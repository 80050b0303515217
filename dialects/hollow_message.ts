/** Messages of a history of which nothing is left in the target's words. */

import type { JsonObject } from "../chat/json.ts";
import type { Message } from "../chat/request.ts";

/**
 * Whether a message said something of which nothing could be told. Many vendors refuse an empty turn; the last message
 * stays all the same, as the model is to answer somebody.
 */
export function isHollow(message: Message, { written, isLast }: { written: JsonObject; isLast: boolean }): boolean {
  if (isLast || message.parts.length === 0 || message.role === "tool") return false;
  return written.content === "" && Object.keys(written).length === 2;
}
