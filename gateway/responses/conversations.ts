/** Conversations of the Responses API: items that requests put in front and add to. */

import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { conversationKey, type ConversationRecord } from "../../records/response_record.ts";
import { updateValue } from "../../records/update_value.ts";
import type { Store } from "../../records/store.ts";
import { withItemIds } from "./item_ids.ts";

export interface Conversations {
  create(owner: string, options: { items: JsonObject[]; metadata: JsonObject }): Promise<[string, ConversationRecord]>;
  /** @throws {GatewayError} `not-found`, here and below */
  get(owner: string, id: string): Promise<ConversationRecord>;
  items(owner: string, id: string): Promise<JsonObject[]>;
  /** Adds items behind all others, whoever else does the same now; resolves to them with their ids. */
  add(owner: string, id: string, items: readonly JsonObject[]): Promise<JsonObject[]>;
  change(
    owner: string,
    id: string,
    change: (record: ConversationRecord) => ConversationRecord,
  ): Promise<ConversationRecord>;
  delete(owner: string, id: string): Promise<void>;
}

export interface ConversationsOptions {
  store: Store;
  /** Milliseconds since it was last changed. */
  expireIn: number;
  now: () => number;
  randomId: () => string;
}

export function createConversations({ store, expireIn, now, randomId }: ConversationsOptions): Conversations {
  async function get(owner: string, id: string): Promise<ConversationRecord> {
    const found = await store.get<ConversationRecord>(conversationKey(owner, id));
    if (found === undefined) throw unknown(id);
    return found.value;
  }

  const change: Conversations["change"] = async (owner, id, change) =>
    await updateValue<ConversationRecord>(store, conversationKey(owner, id), {
      change(record) {
        if (record === undefined) throw unknown(id);
        return change(record);
      },
      expireIn,
    });

  return {
    async create(owner, { items, metadata }) {
      const id = `conv_${randomId()}`;
      const record = { createdAt: Math.floor(now() / 1000), metadata, items: withItemIds(items, randomId) };
      await store.set(conversationKey(owner, id), record, { expireIn });
      return [id, record];
    },
    get,
    items: async (owner, id) => (await get(owner, id)).items,
    async add(owner, id, items) {
      const added = withItemIds(items, randomId);
      await change(owner, id, (record) => ({ ...record, items: [...record.items, ...added] }));
      return added;
    },
    change,
    async delete(owner, id) {
      await get(owner, id);
      await store.delete(conversationKey(owner, id));
    },
  };
}

function unknown(id: string): GatewayError {
  return new GatewayError("not-found", `Cannot go on as there is no conversation ${id}`);
}
