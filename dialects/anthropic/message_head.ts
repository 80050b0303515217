/** What a message begins with, in a stream and as a whole. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { FormatOptions } from "../dialect.ts";

/** The members of a message but its content and its end; the model is the one the client asked for (CASES A12). */
export function messageHead(id: Json | undefined, options: FormatOptions, usage: JsonObject): JsonObject {
  return {
    // The upstream's id where it looks native, or else one of our own.
    id: isNativeId(id) ? id : `msg_${options.id.replace(/\W/g, "")}`,
    type: "message",
    role: "assistant",
    model: options.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

export function isNativeId(id: Json | undefined): boolean {
  return typeof id === "string" && /^msg_\w+$/.test(id);
}
