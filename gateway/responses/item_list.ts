/** Items as OpenAI's API shows them, and a page of a list of them. */

import type { Context } from "hono";
import type { Json, JsonObject } from "../../chat/json.ts";
import { limitOf, listRefused } from "../list_query.ts";

const ITEMS = "the items";

/**
 * Items, the oldest first, as the request's `order`, `after` and `limit` have them.
 *
 * @throws {GatewayError} `invalid-request`: a page behind an item that is gone would be the first one again
 */
export function listItems({ req }: Context, items: readonly JsonObject[]): JsonObject {
  const limit = limitOf(req.query("limit"), ITEMS);
  const ordered = req.query("order") === "asc" ? items : items.toReversed();
  const after = req.query("after");
  const from = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && from === 0) {
    throw listRefused(ITEMS, { param: "after", expected: "the id of one of them" });
  }
  const data = ordered.slice(from, from + limit);
  return {
    object: "list",
    data: data.map(shownItem),
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: from + limit < ordered.length,
  };
}

/**
 * A message that came with a text for its content has it as a part: the Agents SDK's sessions map over the parts.
 *
 * https://developers.openai.com/docs/api-reference/conversations/list-items (2026-11-28)
 */
export function shownItem(item: JsonObject): JsonObject {
  if (item.type !== "message") return item;
  const { content, role } = item;
  return { status: "completed", ...item, ...(typeof content === "string" && { content: [partOf(content, role)] }) };
}

function partOf(text: string, role: Json | undefined): JsonObject {
  if (role === "assistant") return { type: "output_text", text, annotations: [], logprobs: [] };
  return { type: "input_text", text };
}
