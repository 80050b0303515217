/** Members that are there: clients send `null`, or nothing, for what they leave open. */

import type { JsonObject } from "../chat/json.ts";

/** The members that are neither `undefined` nor `null`. */
export function given<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const found: { [K in keyof T]?: NonNullable<T[K]> } = {};
  // Every request passes here several times: lists of entries would cost more than the members.
  for (const name of Object.keys(members) as (keyof T)[]) {
    const value = members[name];
    if (value !== undefined && value !== null) found[name] = value;
  }
  return found;
}

/** The members that JSON would have: a `null` that somebody wrote stays. */
export function withoutAbsent(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
