/** What a text repeats of the one it goes on with. */

/** Fewer characters than these may stand at two places by chance; white space may not. */
const LEAST = 8;

/** How far back is looked. */
export const OVERLAP_REACH = 400;

/** How many of the first characters of `next` are the last of `said`, exactly. */
export function overlapOf(said: string, next: string): number {
  for (let length = Math.min(said.length, next.length, OVERLAP_REACH); length > 0; length--) {
    const repeated = next.slice(0, length);
    if (said.endsWith(repeated) && (length >= LEAST || repeated.trim() === "")) return length;
  }
  return 0;
}

/** Whether more text may yet make the beginning of `next` such a repetition. */
export function mayOverlap(said: string, next: string): boolean {
  return said.slice(-OVERLAP_REACH).includes(next);
}
