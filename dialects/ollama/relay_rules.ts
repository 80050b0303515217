/** Whether an upstream's line may go to a client as it is: it must have all that one client or another fails without. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";

export function isRelayable(line: JsonObject): boolean {
  return hasHead(line) && (isObject(line.message) ? isWholeMessage(line.message) : isWholePiece(line));
}

/** The official client takes an `error` of any value for one. */
function hasHead(line: JsonObject): boolean {
  const { model, created_at, done, done_reason: reason } = line;
  if (typeof model !== "string" || model === "" || typeof created_at !== "string" || "error" in line) return false;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(created_at)) return false;
  return done === true ? typeof reason === "string" && reason !== "" : done === false && reason === undefined;
}

function isWholeMessage({ role, content, tool_calls: calls }: JsonObject): boolean {
  return role === "assistant" && typeof content === "string" && areWholeCalls(calls);
}

/** A line of `/api/generate`. */
function isWholePiece({ message, response, tool_calls: calls }: JsonObject): boolean {
  return message === undefined && typeof response === "string" && areWholeCalls(calls);
}

function areWholeCalls(calls: Json | undefined): boolean {
  return calls === undefined || (Array.isArray(calls) && calls.length > 0 && calls.every(isWholeCall));
}

function isWholeCall(call: Json): boolean {
  const called = isObject(call) ? call.function : undefined;
  return isObject(called) && typeof called.name === "string" && called.name !== "" && isObject(called.arguments);
}
