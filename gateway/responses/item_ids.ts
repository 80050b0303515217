/** Ids for the items of a request: what is kept can be listed, paged through and referred to. */

import type { JsonObject } from "../../chat/json.ts";

/** As official ids begin. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: "msg",
  function_call: "fc",
  function_call_output: "fco",
  custom_tool_call: "ctc",
  custom_tool_call_output: "ctco",
  reasoning: "rs",
};

export function withItemIds(items: readonly JsonObject[], randomId: () => string): JsonObject[] {
  return items.map((item) => {
    const type = typeof item.type === "string" ? item.type : "message";
    const id = typeof item.id === "string" ? item.id : `${PREFIXES[type] ?? "item"}_${randomId()}`;
    return { ...item, type, id };
  });
}

/** Items as a request brings them. Ids mean nothing to an upstream that did not give them. */
export function withoutItemIds(items: readonly JsonObject[]): JsonObject[] {
  return items.map((item) => {
    if (PREFIXES[String(item.type)] === undefined) return item;
    const { id: _, ...rest } = item;
    return rest;
  });
}
