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
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase(), within) }))
    .filter(({ far }) => far <= within)
    .sort((a, b) => a.far - b.far)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** The names as the end of a sentence, or nothing. */
export function suggestion(names: readonly string[]): string {
  return names.length === 0 ? "" : `; near it: ${names.map((name) => `"${name}"`).join(", ")}`;
}

/**
 * How many letters one has to add, drop or change (Levenshtein's distance); infinitely many once it is plain that they are
 * more than `within`, as with most of the hundred names that each variable of the environment is held against at a start.
 */
function distance(from: string, to: string, within: number): number {
  // The distances of what was read of `from` to each beginning of `to`.
  const row = [...Array(to.length + 1).keys()];
  for (let read = 0; read < from.length; read++) {
    let diagonal = read;
    let least = row[0] = read + 1;
    for (let at = 1; at < row.length; at++) {
      const above = row[at] ?? 0;
      const changed = diagonal + (from[read] === to[at - 1] ? 0 : 1);
      const far = Math.min(changed, above + 1, (row[at - 1] ?? 0) + 1);
      diagonal = above;
      row[at] = far;
      least = Math.min(least, far);
    }
    if (least > within) return Infinity;
  }
  return row[to.length] ?? 0;
}
