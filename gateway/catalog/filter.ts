/** Which of a provider's models may be used: a whitelist or blacklist of ids, exact or with `*` for any text. */

import type { ProviderConfig } from "../config/provider_schema.ts";

/** Ollama's tag where none is written. https://docs.ollama.com/api/tags */
const LATEST = ":latest";

export type ModelFilter = (id: string) => boolean;

export function createFilter(filter: ProviderConfig["filter"]): ModelFilter {
  if (filter === undefined) return () => true;
  const patterns = filter.models.map(toPattern);
  const exact = new Set(filter.models);
  // A tag that the id does not have is met by no star: `*:*` is about ids that have one.
  const isListed = (name: string, id: string) =>
    name.endsWith(LATEST) && !id.endsWith(LATEST) ? exact.has(name) : patterns.some((pattern) => pattern.test(name));
  const listed = (id: string) => namesOf(id).some((name) => isListed(name, id));
  return filter.mode === "whitelist" ? listed : (id) => !listed(id);
}

/** Gemini's OpenAI endpoint lists `models/gemini-…`, takes both, and everybody writes it without. */
export function bareId(id: string): string {
  return id.replace(/^models\//, "");
}

/** Every name by which the model that is listed as `id` is meant, that one first. */
export function namesOf(id: string): string[] {
  const bare = bareId(id);
  const tagged = bare.endsWith(LATEST) ? [bare.slice(0, -LATEST.length)] : bare.includes(":") ? [] : [bare + LATEST];
  return [id, ...bare === id ? [] : [bare], ...tagged];
}

/** A glob as an expression: `*` stands for any text. */
export function toPattern(glob: string): RegExp {
  const text = glob.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&")).join(".*");
  return new RegExp(`^${text}$`, "s");
}
