/** A field of a body by its name, or by its path where it is a member of a member: `reasoning.summary`. */

import type { JsonObject } from "../../chat/json.ts";
import { isObject } from "../../dialects/json.ts";

/** Its value; `undefined` where it is not there. */
export function fieldAt(body: unknown, path: string): unknown {
  const [member = path, inner] = path.split(".");
  const value = isObject(body) ? body[member] : undefined;
  return inner === undefined ? value : isObject(value) ? value[inner] : undefined;
}

/** What to patch a body with so that it is without the field. */
export function withoutField(body: JsonObject, path: string): [member: string, value: JsonObject | undefined] {
  const [member = path, inner] = path.split(".");
  const value = body[member];
  if (inner === undefined || !isObject(value)) return [member, undefined];
  const { [inner]: _, ...rest } = value;
  return [member, rest];
}
