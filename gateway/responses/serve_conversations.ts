/** The routes of conversations: `/v1/conversations` and below. */

import type { Context } from "hono";
import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";
import type { ConversationRecord } from "../../records/response_record.ts";
import type { GatewayEnv } from "../context.ts";
import type { Gateway } from "../gateway.ts";
import { readJson } from "../read_json.ts";
import { listItems, shownItem } from "./item_list.ts";
import { ownerOf } from "../owner_of.ts";

type Handler = (context: Context<GatewayEnv>, gateway: Gateway) => Promise<Response>;

export const createConversation: Handler = async (context, gateway) => {
  const body = await bodyOf(context, gateway);
  const options = { items: itemsIn(body), metadata: metadataIn(body) };
  const [id, record] = await gateway.conversations.create(ownerOf(context), options);
  return context.json(shown(id, record));
};

export const showConversation: Handler = async (context, gateway) => {
  const id = idOf(context);
  return context.json(shown(id, await gateway.conversations.get(ownerOf(context), id)));
};

export const changeConversation: Handler = async (context, gateway) => {
  const [id, metadata] = [idOf(context), metadataIn(await bodyOf(context, gateway))];
  const record = await gateway.conversations.change(ownerOf(context), id, (record) => ({ ...record, metadata }));
  return context.json(shown(id, record));
};

export const deleteConversation: Handler = async (context, gateway) => {
  const id = idOf(context);
  await gateway.conversations.delete(ownerOf(context), id);
  return context.json({ id, object: "conversation.deleted", deleted: true });
};

export const listConversationItems: Handler = async (context, gateway) =>
  context.json(listItems(context, await gateway.conversations.items(ownerOf(context), idOf(context))));

export const addConversationItems: Handler = async (context, gateway) => {
  const items = itemsIn(await bodyOf(context, gateway));
  const added = await gateway.conversations.add(ownerOf(context), idOf(context), items);
  const [first_id, last_id] = [added.at(0)?.id ?? null, added.at(-1)?.id ?? null];
  return context.json({ object: "list", data: added.map(shownItem), first_id, last_id, has_more: false });
};

export const showConversationItem: Handler = async (context, gateway) => {
  const items = await gateway.conversations.items(ownerOf(context), idOf(context));
  const found = items.find(({ id }) => id === context.req.param("item"));
  if (found === undefined) {
    throw new GatewayError("not-found", "Cannot show the item as the conversation has none such");
  }
  return context.json(shownItem(found));
};

export const deleteConversationItem: Handler = async (context, gateway) => {
  const id = idOf(context);
  const record = await gateway.conversations.change(ownerOf(context), id, (record) => ({
    ...record,
    items: record.items.filter((item) => item.id !== context.req.param("item")),
  }));
  return context.json(shown(id, record));
};

function shown(id: string, { createdAt, metadata }: ConversationRecord): JsonObject {
  return { id, object: "conversation", created_at: createdAt, metadata };
}

function idOf(context: Context<GatewayEnv>): string {
  return context.req.param("id") ?? "";
}

/** A conversation can be created of nothing. */
async function bodyOf(context: Context<GatewayEnv>, gateway: Gateway): Promise<JsonObject> {
  if (context.req.raw.body === null) return {};
  const { body } = await readJson(context.req.raw, gateway.config.advanced.bodyLimit);
  return isObject(body) ? body : {};
}

function itemsIn({ items }: JsonObject): JsonObject[] {
  const found = items ?? [];
  if (Array.isArray(found) && found.every(isObject)) return found;
  throw new GatewayError("invalid-request", "Cannot read the request as items is no list of items", { param: "items" });
}

function metadataIn({ metadata }: JsonObject): JsonObject {
  const found = metadata ?? {};
  if (isObject(found)) return found;
  throw new GatewayError("invalid-request", "Cannot read the request as metadata is no object", { param: "metadata" });
}
