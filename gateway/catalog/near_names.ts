/** Which known names a mistyped one may have meant. */

import { distance } from "fastest-levenshtein";

export interface NearOptions {
  /** How many names at most. */
  limit: number;
  /** How many letters may differ; by default a third of the name. */
  within?: number;
}

/** The nearest names first, upper and lower case being the same; none where none is near. */
export function nearNames(name: string, known: Iterable<string>, options: NearOptions): string[] {
  const { limit, within = Math.max(1, Math.floor(name.length / 3)) } = options;
  const wanted = name.toLowerCase();
  return [...new Set(known)]
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ far }) => far <= within)
    .sort((a, b) => a.far - b.far)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** The names as the end of a sentence, or nothing. */
export function suggestion(names: readonly string[]): string {
  return names.length === 0 ? "" : `; near it: ${names.map((name) => `"${name}"`).join(", ")}`;
}
