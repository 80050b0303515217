/** Whether an upstream's own words keep what ours keep: only then may they go to a client as they are. */

import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

/** A5, A6, A13 for a `message_delta`. */
export function isRelayableEnd({ delta, usage }: JsonObject, { hasCalls }: { hasCalls: boolean }): boolean {
  if (!isObject(delta) || !isObject(usage) || typeof usage.output_tokens !== "number") return false;
  const { stop_reason: word = null } = delta;
  return word === null || (typeof word === "string" && word !== "" && !(word === "end_turn" && hasCalls));
}

/** A4, A5, A12 for the message of a `message_start`, or for a whole one: it has counts, and the model that was asked for. */
export function isRelayableHead(message: JsonObject, model: string | undefined): boolean {
  return message.role === "assistant" && (model === undefined || message.model === model) && hasCounts(message.usage);
}

function hasCounts(usage: JsonObject[string]): boolean {
  if (!isObject(usage) || typeof usage.input_tokens !== "number" || typeof usage.output_tokens !== "number") {
    return false;
  }
  const { input_tokens, cache_read_input_tokens: read, cache_creation_input_tokens: written } = usage;
  return [input_tokens, read, written].some((count) => typeof count === "number" && count > 0);
}
