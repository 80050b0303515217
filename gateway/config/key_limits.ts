/** What a client key may use: the limits that the configuration, the storage and the admin routes all know. */

import * as z from "zod";
import { lazy } from "../../dialects/lazy.ts";
import type { FieldProblem } from "./parse_provider.ts";

// Every message completes "expected …".

const MOST = 1_000_000_000_000;
const amount = "a whole number from 1 to 1000000000000";
const money = "USD, a number over 0 and up to 1000000";
const name = "a name of 1 to 100 characters";
const globs = "a list of model ids, exact or with * for any text";
const moment = "milliseconds since 1970, a whole number";
/** In 2001. What is less was meant as seconds, and would have ended in January 1970. */
const LEAST_MILLISECONDS = 1_000_000_000_000;

/** Each is absent where nothing limits it. */
export const keyLimitsSchema = lazy(() => {
  const wholeAmount = z.int({ error: amount }).min(1, amount).max(MOST, amount).exactOptional();
  const dollars = z.number({ error: money }).positive(money).max(1_000_000, money).exactOptional();
  const glob = z.string({ error: globs }).trim().min(1, globs).max(300, globs);
  return z.strictObject({
    /** Public ids of the models that it may use. */
    models: z.array(glob, { error: globs }).min(1, globs).max(1000, globs).exactOptional(),
    requestsPerMinute: wholeAmount,
    tokensPerMinute: wholeAmount,
    /** Days and months are those of UTC. */
    tokensPerDay: wholeAmount,
    tokensPerMonth: wholeAmount,
    /** USD. */
    moneyPerDay: dollars,
    moneyPerMonth: dollars,
    /** Requests at a time, on each instance. */
    concurrency: wholeAmount,
  }, { error: "a key with models, requestsPerMinute, tokensPerMinute and so on, as the example has them" });
});

export type KeyLimits = z.infer<ReturnType<typeof keyLimitsSchema>>;

export function limitNames(): (keyof KeyLimits)[] {
  return Object.keys(keyLimitsSchema().shape) as (keyof KeyLimits)[];
}

/** What an admin may say of a key that is kept in the storage. */
const storedKeySchema = lazy(() =>
  z.strictObject({
    name: z.string({ error: name }).trim().min(1, name).max(100, name),
    limits: keyLimitsSchema().exactOptional(),
    disabled: z.boolean({ error: "true or false" }).exactOptional(),
    /** Milliseconds since the epoch; `null` for never. */
    expiresAt: z.int({ error: moment }).min(LEAST_MILLISECONDS, `${moment}, not seconds`).nullable().exactOptional(),
  }, { error: "an object with name, limits, disabled and expiresAt only" })
);

export type StoredKeyForm = z.infer<ReturnType<typeof storedKeySchema>>;

/** Problems of the form itself have an empty path. */
export function parseKeyForm(body: unknown): { form: StoredKeyForm } | { problems: FieldProblem[] } {
  const parsed = storedKeySchema().safeParse(body);
  if (parsed.success) return { form: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
    return unknown.map((name) => ({
      path: [...issue.path, ...name === undefined ? [] : [name]].join("."),
      message: name === undefined ? `Expected ${issue.message}` : "Nothing is known of that name",
    }));
  });
  return { problems };
}
