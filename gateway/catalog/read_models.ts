/** From the JSON of models.json, ours or an older list put in its place, to the validated catalogue. */

import type { z } from "zod";
import type { ConfigProblem } from "../config/problem.ts";
import { ONCE } from "../config/read_once.ts";
import { fromLangfastList, langfastListSchema } from "./langfast_models.ts";
import { type ModelsFile, modelsFileSchema } from "./schema.ts";

export interface ReadModels {
  models: ModelsFile;
  problems: ConfigProblem[];
}

/** Never throws. With problems, `models` is empty. `name` is what messages call the file. */
export function readModels(value: unknown, name = "models.json"): ReadModels {
  if (value === undefined) return { models: { models: {} }, problems: [] };
  if (!Array.isArray(value)) return parse(value, name);
  const list = langfastListSchema().safeParse(value, ONCE);
  return list.success ? parse(fromLangfastList(list.data), name) : failure(list.error, { value, name });
}

function parse(value: unknown, name: string): ReadModels {
  const parsed = modelsFileSchema.safeParse(value, ONCE);
  return parsed.success ? { models: parsed.data, problems: [] } : failure(parsed.error, { value, name });
}

function failure(error: z.ZodError, { value, name }: { value: unknown; name: string }): ReadModels {
  const problems = error.issues.map(({ path, message }): ConfigProblem => {
    const found = path.reduce((at: unknown, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
    const shown = found === undefined ? undefined : JSON.stringify(found).slice(0, 80);
    return {
      path: [name, path.map(formatKey).join("")].join(" ").trim(),
      ...shown !== undefined && { value: shown },
      expected: message,
    };
  });
  return { models: { models: {} }, problems };
}

/** Model ids have dots and slashes, so that they stand in brackets. */
function formatKey(key: PropertyKey, at: number): string {
  if (typeof key === "number") return `[${key}]`;
  if (!/^\w+$/.test(String(key))) return `["${String(key)}"]`;
  return at === 0 ? String(key) : `.${String(key)}`;
}
