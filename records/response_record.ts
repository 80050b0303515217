/** What is kept of the Responses API's answers and conversations, and under which keys. */

import type { JsonObject } from "../chat/json.ts";
import type { Key } from "./store.ts";

export interface ResponseRecord {
  /** As its client was told it; a running one as it began. */
  response: JsonObject;
  /** The items of its own request, each with an id. */
  input: JsonObject[];
  /** The ids of the answers before it, the oldest first. */
  before: string[];
  /** The id of its stream, where it was answered in the background. */
  stream?: string;
}

export interface ConversationRecord {
  /** Seconds since the epoch. */
  createdAt: number;
  metadata: JsonObject;
  /** All items, the oldest first, each with an id. */
  items: JsonObject[];
}

/** Everything belongs to a client key, `""` where the gateway is open: nobody else's request finds it. */
export function responseKey(owner: string, id: string): Key {
  return ["responses", owner, "answers", id];
}

/** Before the keys of an item: one for each answer that has it, in its request or as its own. */
export function responseItemKeys(owner: string, item: string): Key {
  return ["responses", owner, "items", item];
}

export function conversationKey(owner: string, id: string): Key {
  return ["responses", owner, "conversations", id];
}
