/** Which known names a mistyped one may have meant. */

import leven from "leven";

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
  const near = new Set<string>();
  for (const candidate of known) if (Math.abs(candidate.length - wanted.length) <= within) near.add(candidate);
  return [...near]
    // It stops counting where it is plain that they are too far apart, as nearly all are that a start compares.
    .map((candidate) => ({ candidate, far: leven(wanted, candidate.toLowerCase(), { maxDistance: within + 1 }) }))
    .filter(({ far }) => far <= within)
    .sort((a, b) => a.far - b.far)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** The names as the end of a sentence, or nothing. */
export function suggestion(names: readonly string[]): string {
  return names.length === 0 ? "" : `; near it: ${names.map((name) => `"${name}"`).join(", ")}`;
}
