/** Whether an upstream's own words keep what ours keep: only then may they go to a client as they are. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { fitCallId } from "../tool_ids.ts";
import { isNativeId } from "./message_head.ts";

/** A4, A12 for the message of a `message_start`, or for a whole one. */
export function isRelayableHead({ id, type, role, content, usage }: JsonObject): boolean {
  return isNativeId(id) && type === "message" && role === "assistant" && Array.isArray(content) && hasCounts(usage);
}

/** Whether both counts are numbers, and the prompt's is more than 0: some relays do not know it at the start. */
export function hasCounts(usage: Json | undefined): usage is JsonObject {
  if (!hasNumbers(usage)) return false;
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usage;
  return [input_tokens, cache_read_input_tokens, cache_creation_input_tokens]
    .some((count) => typeof count === "number" && count > 0);
}

function hasNumbers(usage: Json | undefined): usage is JsonObject {
  return isObject(usage) && typeof usage.input_tokens === "number" && typeof usage.output_tokens === "number";
}

/** A11, T14 for a block at its start: what grows by deltas is empty, as clients take nothing but those. */
export function isRelayableStart({ type, ...block }: JsonObject): boolean {
  switch (type) {
    case "text":
      return block.text === "";
    case "thinking":
      return block.thinking === "" && block.signature === "";
    case "tool_use":
      return isCall(block) && isObject(block.input) && Object.keys(block.input).length === 0;
    default:
      return typeof type === "string";
  }
}

/** The same for a block of a whole message. */
export function isRelayableBlock({ type, ...block }: JsonObject): boolean {
  switch (type) {
    case "text":
      return typeof block.text === "string" && block.text !== "";
    case "thinking":
      return typeof block.thinking === "string" && typeof block.signature === "string";
    case "tool_use":
      return isCall(block) && isObject(block.input);
    default:
      return typeof type === "string";
  }
}

function isCall({ id, name }: JsonObject): boolean {
  return typeof id === "string" && id !== "" && fitCallId(id, Infinity) === id && typeof name === "string" &&
    name !== "";
}

/** A5, A6, A13 for a `message_delta`, or for a whole message. */
export function isRelayableEnd(
  { stop_reason: word = null, usage }: { stop_reason?: Json; usage?: Json },
  { hasCalls }: { hasCalls: boolean },
): boolean {
  if (!hasNumbers(usage)) return false;
  return word === null || (typeof word === "string" && word !== "" && !(word === "end_turn" && hasCalls));
}
