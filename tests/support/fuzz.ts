/** How property tests run: the same cases each time, or others and more of them where the environment says so. */

import process from "node:process";

/**
 * `FUZZ_SEED` begins elsewhere, `FUZZ_FACTOR` runs so many times as many cases. fast-check prints the seed and the path of
 * what fails.
 */
export function runs(count: number): { numRuns: number; seed: number } {
  return { numRuns: count * Number(process.env.FUZZ_FACTOR ?? 1), seed: SEED };
}

export const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
