/**
 * A field of a body by its name, by its path where it is a member of a member (`reasoning.summary`), or wherever it stands
 * (`*.cache_control.ttl`).
 */

import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";

/** Whether the body has it. */
export function hasField(body: unknown, path: string): boolean {
  if (!isObject(body)) return false;
  if (isAnywhere(path)) return Object.keys(patchesWithout(body, path)).length > 0;
  const [member = path, inner] = path.split(".");
  const value = body[member];
  const found = inner === undefined ? value : isObject(value) ? value[inner] : undefined;
  return found !== undefined && found !== null;
}

/** The members of a body as they are without the field; `undefined` for one that is to be left out. */
export function patchesWithout(body: JsonObject, path: string): Record<string, Json | undefined> {
  if (isAnywhere(path)) return patchesAnywhere(body, path.slice(ANYWHERE.length).split("."));
  const [member = path, inner] = path.split(".");
  const value = body[member];
  if (inner === undefined) return { [member]: undefined };
  if (!isObject(value)) return {};
  const { [inner]: _, ...rest } = value;
  return { [member]: rest };
}

const ANYWHERE = "*.";

export function isAnywhere(path: string): boolean {
  return path.startsWith(ANYWHERE);
}

/** Where requests have lists of things with members of a vendor's own. */
const LISTS = ["tools", "system", "messages", "input"] as const;
/** What is the user's own in them: a schema may well have a property of that name. */
const OWN: ReadonlySet<string> = new Set(["input_schema", "parameters", "schema", "arguments"]);

function patchesAnywhere(body: JsonObject, path: readonly string[]): Record<string, Json | undefined> {
  const patches = LISTS.map((name) => [name, body[name], without(body[name], path)] as const);
  return Object.fromEntries(
    patches.filter(([, before, after]) => before !== after).map(([name, , after]) => [name, after]),
  );
}

/** The same value where nothing was found. */
function without(value: Json | undefined, path: readonly string[]): Json | undefined {
  if (Array.isArray(value)) return changed(value, value.map((item) => without(item, path) as Json));
  if (!isObject(value)) return value;
  const [name = "", inner] = path;
  const members = Object.entries(value).flatMap(([key, member]): [string, Json | undefined][] => {
    if (key === name && inner === undefined) return [];
    if (key === name && inner !== undefined) return [[key, withoutMember(member, inner)]];
    return [[key, isOwn(key, member) ? member : without(member, path)]];
  });
  const isSame = members.length === Object.keys(value).length &&
    members.every(([key, member]) => member === value[key]);
  return isSame ? value : Object.fromEntries(members);
}

function withoutMember(value: Json | undefined, name: string): Json | undefined {
  if (!isObject(value) || !(name in value)) return value;
  const { [name]: _, ...rest } = value;
  return rest;
}

/** The arguments of a call are an object, the items of a conversation a list. */
function isOwn(key: string, value: Json | undefined): boolean {
  return OWN.has(key) || (key === "input" && !Array.isArray(value));
}

function changed(before: Json[], after: Json[]): Json[] {
  return after.some((item, at) => item !== before[at]) ? after : before;
}
