/** From what can be written in a variable or in TOML to what a setting holds. What does not fit is left for the schema. */

import { limitNames } from "./key_limits.ts";

const COERCE = {
  text: (value: unknown) => value,
  address,
  word,
  number,
  flag,
  list,
  map,
  clientKeys,
  variation,
} satisfies Record<string, (value: unknown) => unknown>;

export type Kind = keyof typeof COERCE;

export function coerce(kind: Kind, value: unknown): unknown {
  return COERCE[kind](value);
}

const FLAGS = new Map([
  ...["true", "1", "on", "yes"].map((word) => [word, true] as const),
  ...["false", "0", "off", "no"].map((word) => [word, false] as const),
]);

/** A URL as it is copied from a browser's tools: the host alone, with a path of Supabase's, or with Socket.IO's query. */
function address(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const url = value.trim().replace(/\?(?:.*&)?EIO=.*$/, "").replace(
    /(\.supabase\.co)\/(?:auth|rest|functions)\/v1\b.*$/,
    "$1",
  );
  if (!/^[\w.-]+(?::\d+)?(?:\/|$)/.test(url)) return url;
  return `${/^(?:localhost|127(?:\.\d+){3})(?=[:/]|$)/.test(url) ? "http" : "https"}://${url}`;
}

/** A word of a closed set, in any case. */
function word(value: unknown): unknown {
  return typeof value === "string" ? value.trim().toLowerCase() : value;
}

function number(value: unknown): unknown {
  return typeof value === "string" && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
}

function flag(value: unknown): unknown {
  return typeof value === "string" ? FLAGS.get(value.trim().toLowerCase()) ?? value : value;
}

/** Several texts: an array, or one text with commas. */
function list(value: unknown): unknown {
  return typeof value === "string" ? splitList(value) : value;
}

/** Texts by name: a table, or its JSON. */
function map(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function splitList(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/** Keys as texts, or as tables `{name, key}` with their limits; a text gets a name by its place. */
function clientKeys(value: unknown): unknown {
  if (typeof value === "string") return clientKeys(splitList(value));
  if (!Array.isArray(value)) return value;
  // An empty list, or only commas, was meant to close the gateway: an empty key is refused, no key would open it.
  if (value.length === 0) return clientKeys([""]);
  // What is kept and counted is a name's: those behind a double keep theirs.
  return value.map(clientKey).filter((_, at) => typeof value[at] !== "string" || value.indexOf(value[at]) === at);
}

function clientKey(entry: unknown, index: number): unknown {
  const name = `key-${index + 1}`;
  if (typeof entry === "string") return { name, secret: entry, limits: {} };
  if (typeof entry !== "object" || entry === null) return entry;
  const { key: secret, ...rest }: Record<string, unknown> = { name, ...entry };
  const { name: given, ...limits } = rest;
  return { name: given, secret, limits: withLimitNames(limits) };
}

/** Case, `_` and `-` make no difference here either. */
function withLimitNames(table: Record<string, unknown>): Record<string, unknown> {
  const fold = (name: string) => name.toLowerCase().replace(/[_-]/g, "");
  const known = new Map<string, string>(limitNames().map((name) => [fold(name), name]));
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [known.get(fold(name)) ?? name, value]));
}

/** `requestVariation`, or the older proxy's `contentSpoof = true`, which always varied. */
function variation(value: unknown): unknown {
  const read = flag(value);
  return typeof read === "boolean" ? (read ? "always" : "off") : word(value);
}
