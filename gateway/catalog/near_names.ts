/** Which known names a mistyped one may have meant. */

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

/** How many letters one has to add, drop or change (Levenshtein's distance). */
function distance(from: string, to: string): number {
  // The distances of what was read of `from` to each beginning of `to`.
  let row = Array.from({ length: to.length + 1 }, (_, length) => length);
  for (let read = 0; read < from.length; read++) {
    const above = row;
    row = [(above[0] ?? 0) + 1];
    for (let at = 0; at < to.length; at++) {
      const changed = (above[at] ?? 0) + (from[read] === to[at] ? 0 : 1);
      row.push(Math.min(changed, (above[at + 1] ?? 0) + 1, (row[at] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
