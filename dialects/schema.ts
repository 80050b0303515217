/** What the schemas of all dialects are made of. */

import * as z from "zod";
import type { Json, JsonObject } from "../chat/json.ts";
import { isObject } from "./json.ts";

/** Any JSON. Both sides' bodies come out of `JSON.parse`, so there is nothing left to check. */
export const anyJson = z.unknown() as z.ZodType<Json>;
/** The same for a member, which may be absent. */
export const json = anyJson.optional();
export const object = z.custom<JsonObject>(isObject, { error: "an object" });

// What clients' bodies have many of, made once: each schema of zod's takes some twenty microseconds of a start.
export const filledText = z.string().min(1);
export const optional = {
  text: nullish(z.string()),
  flag: nullish(z.boolean()),
  number: nullish(z.number()),
  /** A whole number from 1. */
  limit: nullish(z.int().min(1)),
  /** Of an answer that may be none. */
  limitOrNone: nullish(z.int().min(0)),
  object: nullish(object),
};

/** Most members of a request are absent, and zod would ask three schemas about each. */
function nullish<T extends z.ZodType>(type: T) {
  const schema = type.nullish();
  // Looked up each time: zod replaces it once it has found out that the type never refers to itself.
  schema._zod.run = (payload, context) =>
    payload.value === undefined || payload.value === null ? payload : type._zod.run(payload, context);
  return schema;
}

/**
 * A member of the wrong type is as good as none: one vendor's oddity must not end an answer that can be read.
 *
 * Most members of most frames are absent, and zod would ask three schemas about each of them, and about each that is
 * there: the type itself is asked, and nothing where there is nothing, with the same outcome. That was most of what a
 * frame's check cost.
 */
export function maybe<T extends z.ZodType>(type: T) {
  const schema = type.nullish().catch(undefined);
  schema._zod.run = (payload, context) => {
    if (payload.value === undefined || payload.value === null) return payload;
    // Looked up each time: zod replaces it once it has found out that the type never refers to itself.
    const read = type._zod.run(payload, context);
    if (read instanceof Promise) throw new Error("Cannot read a frame by a schema that is asynchronous");
    if (read.issues.length > 0) {
      read.issues = [];
      read.value = undefined;
    }
    return read;
  };
  return schema;
}

/** The same of what one test tells: zod's own types pass several functions for it, and most members are such. */
function plain<T>(is: (value: unknown) => value is T) {
  const schema = z.custom<T>(is).nullish().catch(undefined);
  schema._zod.run = (payload) => {
    if (payload.value !== null && !is(payload.value)) payload.value = undefined;
    return payload;
  };
  return schema;
}

export const maybeText = plain((value) => typeof value === "string");
export const maybeFlag = plain((value) => typeof value === "boolean");
export const maybeObject = plain(isObject);
export const maybeWhole = plain((value): value is number => Number.isSafeInteger(value));
export const maybeCount = plain((value): value is number => Number.isSafeInteger(value) && Number(value) >= 0);
/** A place in a list. A list is made as long as its greatest place says, so that one beyond any answer's is none. */
export const place = plain((value): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 9999
);
