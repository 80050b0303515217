/** Members that are there: clients send `null`, or nothing, for what they leave open. */

import type { JsonObject } from "../chat/json.ts";

/** The members that are neither `undefined` nor `null`. */
export function given<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

/** The members that JSON would have: a `null` that somebody wrote stays. */
export function withoutAbsent(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
