/** What the values of settings may be: the schemas that several settings share. */

import * as z from "zod";

// Every message is the "expected" of a ConfigProblem: it completes the sentence "X is Y, expected …".

export const MINUTE = 60_000;
const WEEK = 7 * 24 * 3_600_000;
const TEN_YEARS = 520 * WEEK;

export function whole(min: number, max: number, what = "a whole number") {
  const expected = `${what} from ${min} to ${max}`;
  return z.int({ error: expected }).check(z.gte(min, expected), z.lte(max, expected));
}

/** Of what a request or a stream waits for. */
export function milliseconds(min: number) {
  return whole(min, WEEK, "milliseconds, a whole number");
}
export const duration = milliseconds(0);

/** Of what is kept. */
export const lifetime = whole(MINUTE, TEN_YEARS, "milliseconds, a whole number");
/** Of a text that is kept. */
export const characters = whole(1024, 1_073_741_824, "characters, a whole number");

export function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(", ")}` });
}

export function text(expected: string) {
  return z.string({ error: expected }).check(z.trim(), z.minLength(1, expected));
}

export function texts(expected: string) {
  return z.array(text(expected), { error: expected });
}

export const flag = z.boolean({ error: "true or false" });
export const tokensPerSecond = z.number({ error: "tokens per second, 0 or more" }).min(
  0,
  "tokens per second, 0 or more",
);

/** An absolute URL to put paths behind. A credential in it would end up in logs and traces, and fetch refuses it. */
export function url(protocols: readonly string[]) {
  const expected = `an ${protocols.join(" or ")} URL without user name, password and query`;
  return z.string({ error: expected }).refine((text) => {
    const url = URL.parse(text);
    if (url === null || !protocols.includes(url.protocol.slice(0, -1))) return false;
    return url.username + url.password + url.search + url.hash === "";
  }, expected).meta({ format: "uri" });
}
