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
  const parts = partsOf(wanted, within + 1);
  const near = new Set<string>();
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) > within) continue;
    // Nearly none that a start compares gets past this, and counting takes much longer.
    const letters = candidate.toLowerCase();
    if (parts.some((part) => letters.includes(part))) near.add(candidate);
  }
  return [...near]
    .map((candidate) => ({ candidate, far: leven(wanted, candidate.toLowerCase(), { maxDistance: within + 1 }) }))
    .filter(({ far }) => far <= within)
    .sort((a, b) => a.far - b.far)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** In so many parts. Where fewer letters differ than there are parts, one of them stands in the other name as it is. */
function partsOf(name: string, count: number): string[] {
  const length = Math.ceil(name.length / count);
  return Array.from({ length: count }, (_, at) => name.slice(at * length, (at + 1) * length));
}

/** The names as the end of a sentence, or nothing. */
export function suggestion(names: readonly string[]): string {
  return names.length === 0 ? "" : `; near it: ${names.map((name) => `"${name}"`).join(", ")}`;
}
