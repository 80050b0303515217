/** Estimates how many tokens texts have, by samples where they are long. */

import { estimateTokenCount } from "tokenx";

/** Characters up to which all is looked at; of longer texts so many are, in samples. */
const WHOLE = 10_000;
const SAMPLE = 200;

/** At least 1 for any text: the library counts white space as nothing. */
export function estimateText(text: string): number {
  return estimateTexts([text]);
}

/**
 * The tokens of all texts together. The prompt of a coding agent has 150 KB, which would take 8 ms: for as long nothing
 * else ran, and its answer had no head. Samples are some percent off, as the estimate itself is.
 */
export function estimateTexts(texts: readonly string[]): number {
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  if (characters <= WHOLE) return texts.reduce((sum, text) => sum + estimateWhole(text), 0);
  const { tokens, seen } = sample(texts, characters * SAMPLE / WHOLE);
  return Math.round(tokens * characters / seen);
}

function estimateWhole(text: string): number {
  return text === "" ? 0 : Math.max(1, estimateTokenCount(text));
}

/** A piece at each of these distances, as if the texts were one: it goes on in the texts behind the one it begins in. */
function sample(texts: readonly string[], distance: number): { tokens: number; seen: number } {
  let [tokens, seen] = [0, 0];
  /** Where the piece begins and ends, counted from the beginning of this text. */
  let [from, to] = [0, SAMPLE];
  for (const text of texts) {
    while (from < text.length) {
      const piece = text.slice(Math.max(from, 0), to);
      tokens += estimateWhole(piece);
      seen += piece.length;
      if (to > text.length) break;
      from += distance;
      to = from + SAMPLE;
    }
    from -= text.length;
    to -= text.length;
  }
  return { tokens, seen };
}
