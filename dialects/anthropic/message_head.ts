/** What a message begins with, in a stream and as a whole. */

import type { JsonObject } from "../../chat/json.ts";
import type { FormatOptions } from "../dialect.ts";

/** The members of a message but its content and its end; the model is the one the client asked for (CASES A12). */
export function messageHead(id: string | undefined, options: FormatOptions, usage: JsonObject): JsonObject {
  return {
    id: messageId(id, options),
    type: "message",
    role: "assistant",
    model: options.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

/** The upstream's id where it looks native, or else one of our own. */
function messageId(id: string | undefined, options: FormatOptions): string {
  return id !== undefined && /^msg_\w+$/.test(id) ? id : `msg_${options.id.replace(/\W/g, "")}`;
}
