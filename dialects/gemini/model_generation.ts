/** Tells a model's generation from its id: what the API takes differs between them. */

/**
 * 2.5 for `gemini-2.5-flash`; 0 for models of other names, which are taken for the oldest. The aliases that move along
 * (`gemini-flash-latest`) stand for the newest.
 */
export function generationOf(model: string): number {
  const [, generation] = /gemini-(\d+(?:\.\d+)?)/.exec(model) ?? [];
  if (generation !== undefined) return Number(generation);
  return /gemini-.*latest/.test(model) ? Infinity : 0;
}

/** The first that thinks by level, wants its signatures back, and takes tools beside a schema or beside its own tools. */
export const THIRD_GENERATION = 3;

/** The first that thinks always, and more than a little. */
export const FOURTH_GENERATION = 4;
