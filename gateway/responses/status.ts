/** Where an answer of the Responses API stands. */

import type { JsonObject } from "../../chat/json.ts";

const FINAL: ReadonlySet<unknown> = new Set(["completed", "incomplete", "failed", "cancelled"]);

export function isFinal({ status }: JsonObject): boolean {
  return FINAL.has(status);
}

/** An answer that will not be finished, whoever was at it. */
export function asFailed(response: JsonObject, message: string): JsonObject {
  return { ...response, status: "failed", error: { code: "server_error", message } };
}

export function asCancelled(response: JsonObject): JsonObject {
  return { ...response, status: "cancelled", error: null, incomplete_details: null };
}
