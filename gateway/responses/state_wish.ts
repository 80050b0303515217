/** What a request of the Responses API says of answers that are kept: members that no upstream is told. */

import { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";

export interface StateWish {
  previous: string | undefined;
  conversation: string | undefined;
  background: boolean;
  /** Whether the client said so itself. */
  store: boolean | undefined;
}

const MEMBERS = ["previous_response_id", "conversation", "background", "store"] as const;

/** @throws {GatewayError} `invalid-request` naming the member at fault */
export function readStateWish(body: JsonObject): StateWish {
  const wish = {
    previous: textIn(body, "previous_response_id"),
    conversation: conversationIn(body),
    background: flagIn(body, "background") ?? false,
    store: flagIn(body, "store"),
  };
  if (wish.previous !== undefined && wish.conversation !== undefined) {
    throw refused("previous_response_id", "previous_response_id and conversation are both set");
  }
  if (wish.background && wish.store === false) throw refused("store", "an answer in the background has to be kept");
  return wish;
}

/** The body without them. */
export function withoutState(body: JsonObject): JsonObject {
  return { ...body, ...Object.fromEntries(MEMBERS.map((name) => [name, undefined])) };
}

/** Whether a member is there that a relay must not pass on. */
export function hasState(body: JsonObject): boolean {
  return MEMBERS.some((name) => body[name] !== undefined && body[name] !== null && body[name] !== false);
}

/** For the text of a relay. What is kept here is not to be kept by the upstream as well, which it is by default. */
export const WITHOUT_STATE: Readonly<Record<string, false | undefined>> = {
  ...Object.fromEntries(MEMBERS.map((name) => [name, undefined])),
  store: false,
};

function textIn(body: JsonObject, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw refused(name, `${name} is no id`);
}

function conversationIn(body: JsonObject): string | undefined {
  const { conversation } = body;
  return isObject(conversation) ? textIn(conversation, "id") : textIn(body, "conversation");
}

function flagIn(body: JsonObject, name: string): boolean | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw refused(name, `${name} is neither true nor false`);
}

function refused(param: string, what: string): GatewayError {
  return new GatewayError("invalid-request", `Cannot read the request as ${what}`, { param });
}
