/** Names with `*` in the catalogue: what whole families of ids mean, and what any id means that nobody has. */

import type { Alias } from "./aliases.ts";

/** The name for all ids that mean nothing otherwise. */
const ANY = "*";

export function isGlob(id: string): boolean {
  return id.includes("*");
}

/** The alias that the id falls under: of several the one that says most of it. `*` alone is asked for by itself. */
export function globFor(id: string, aliases: readonly Alias[]): Alias | undefined {
  return aliases
    .filter((alias) => alias.id !== ANY && alias.pattern?.test(id))
    .toSorted((one, other) => saidBy(other) - saidBy(one))[0];
}

export function globForAny(aliases: readonly Alias[]): Alias | undefined {
  return aliases.find(({ id }) => id === ANY);
}

function saidBy({ id }: Alias): number {
  return id.replaceAll("*", "").length;
}
