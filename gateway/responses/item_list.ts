/** A page of a list of items, as OpenAI's API gives it. */

import type { Context } from "hono";
import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";

/** Items, the oldest first, as the request's `order`, `after` and `limit` have them. */
export function listItems({ req }: Context, items: readonly JsonObject[]): JsonObject {
  const limit = limitOf(req.query("limit"));
  const ordered = req.query("order") === "asc" ? items : items.toReversed();
  const after = req.query("after");
  const from = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const data = ordered.slice(from, from + limit);
  return {
    object: "list",
    data: [...data],
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: from + limit < ordered.length,
  };
}

function limitOf(text: string | undefined): number {
  const limit = Number(text ?? 20);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new GatewayError("invalid-request", "Cannot list the items as limit is not a whole number from 1 to 100", {
    param: "limit",
  });
}
