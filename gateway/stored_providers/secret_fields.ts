/** Parts the secrets of a provider from its other settings, and puts them together again. */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";
import { PROVIDER_GROUPS, PROVIDER_SETTINGS } from "../config/mod.ts";

/** By the path of the setting. */
export type Secrets = ReadonlyMap<string, Json>;

export interface Parted {
  /** Without a secret, and without what is null: that is as good as not written. */
  settings: JsonObject;
  /** Those that are written; null for one that is to be forgotten. */
  secrets: Secrets;
}

const SECRET_PATHS = Object.entries(PROVIDER_SETTINGS).flatMap(([path, { secret }]) => secret ? [path] : []);

export function partSecrets(written: JsonObject): Parted {
  const found = SECRET_PATHS.flatMap((path): [string, Json][] => {
    const value = valueAt(written, path.split("."));
    return value === undefined ? [] : [[path, value]];
  });
  return { settings: without(written, ""), secrets: new Map(found) };
}

export function joinSecrets(settings: JsonObject, secrets: Secrets): JsonObject {
  return [...secrets].reduce((joined, [path, secret]) => put(joined, path.split("."), secret), settings);
}

function valueAt(value: Json | undefined, [key, ...rest]: readonly string[]): Json | undefined {
  if (key === undefined) return value;
  return isObject(value) && Object.hasOwn(value, key) ? valueAt(value[key], rest) : undefined;
}

function without(table: JsonObject, prefix: string): JsonObject {
  const kept = Object.entries(table).flatMap(([key, value]): [string, Json | undefined][] => {
    const path = prefix + key;
    if (SECRET_PATHS.includes(path) || value === null || value === undefined) return [];
    const isGroup = isObject(value) && Object.hasOwn(PROVIDER_GROUPS, path);
    return [[key, isGroup ? without(value, `${path}.`) : value]];
  });
  return Object.fromEntries(kept);
}

function put(table: JsonObject, [key = "", ...rest]: readonly string[], secret: Json): JsonObject {
  const child = table[key];
  return { ...table, [key]: rest.length === 0 ? secret : put(isObject(child) ? child : {}, rest, secret) };
}
