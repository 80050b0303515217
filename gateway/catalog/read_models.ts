/** From the JSON of models.json, ours or an older list put in its place, to the validated catalogue. */

import type { z } from "zod";
import { isObject } from "../../dialects/json.ts";
import type { ConfigProblem } from "../config/problem.ts";
import { ONCE } from "../config/read_once.ts";
import { fromLangfastList, langfastListSchema } from "./langfast_models.ts";
import { nearNames, suggestion } from "./near_names.ts";
import { MEMBERS, type ModelsFile, modelsFileSchema } from "./schema.ts";

export interface ReadModels {
  models: ModelsFile;
  problems: ConfigProblem[];
  /** Members that nobody knows: a mistyped price would make what costs money free. */
  warnings: string[];
}

/** Never throws. With problems, `models` is empty. `name` is what messages call the file. */
export function readModels(value: unknown, name = "models.json"): ReadModels {
  if (value === undefined) return { models: { models: {} }, problems: [], warnings: [] };
  if (!Array.isArray(value)) return parse(value, name);
  const list = langfastListSchema().safeParse(value, ONCE);
  return list.success ? parse(fromLangfastList(list.data), name) : failure(list.error, { value, name });
}

function parse(value: unknown, name: string): ReadModels {
  const parsed = modelsFileSchema.safeParse(value, ONCE);
  if (!parsed.success) return failure(parsed.error, { value, name });
  const unknown = unknownMembers(value, parsed.data).map((path) => {
    const near = nearNames(String(path.at(-1)), MEMBERS, { limit: 1 });
    return `${placeOf(name, path)} is not known and does nothing${suggestion(near)}`;
  });
  return { models: parsed.data, problems: [], warnings: [...unknown, ...idlePrices(parsed.data, name)] };
}

/** What an alias costs is what its upstreams cost. */
function idlePrices({ models }: ModelsFile, name: string): string[] {
  return Object.entries(models).filter(([, { candidates, prices }]) => candidates && prices).map(([id]) =>
    `${placeOf(name, ["models", id, "prices"])} does nothing: an alias costs what the upstream costs that answers`
  );
}

/** Where members stand that were not read. */
function unknownMembers(given: unknown, read: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (Array.isArray(given) && Array.isArray(read)) {
    return given.flatMap((entry, at) => unknownMembers(entry, read[at], [...path, at]));
  }
  if (!isObject(given) || !isObject(read)) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const at = [...path, name];
    if (Object.hasOwn(read, name)) return unknownMembers(value, read[name], at);
    // Editors know the file by it.
    return name === "$schema" ? [] : [at];
  });
}

function failure(error: z.ZodError, { value, name }: { value: unknown; name: string }): ReadModels {
  const problems = error.issues.map(({ path, message }): ConfigProblem => {
    const found = path.reduce((at: unknown, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
    const shown = found === undefined ? undefined : JSON.stringify(found).slice(0, 80);
    return {
      path: placeOf(name, path),
      ...shown !== undefined && { value: shown },
      expected: message,
    };
  });
  return { models: { models: {} }, problems, warnings: [] };
}

function placeOf(name: string, path: readonly PropertyKey[]): string {
  return [name, path.map(formatKey).join("")].join(" ").trim();
}

/** Model ids have dots and slashes, so that they stand in brackets. */
function formatKey(key: PropertyKey, at: number): string {
  if (typeof key === "number") return `[${key}]`;
  if (!/^\w+$/.test(String(key))) return `["${String(key)}"]`;
  return at === 0 ? String(key) : `.${String(key)}`;
}
