/** Counts tokens by a real vocabulary, within bounds: one long word, or one long request, must not stop all others. */

import type { CountText } from "../chat/estimate_usage.ts";

/** Merging the bytes of one word takes the square of its length, and a text without spaces or digits is one word. */
const PIECES = /.{1,512}(?=\s|$)|.{1,512}/gsu;

/** Characters counted one by one, which takes 20 ms, or 1 s where they are chosen for it. */
const BUDGET = 250_000;

/** Words whose tokens are kept by the library; its own limit lets them grow to hundreds of megabytes. */
const KEPT_WORDS = 10_000;

/** What looks like one of the model's own marks is a client's text. By default it is an error. */
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/**
 * A counter for the texts of one request; behind its budget a character costs what it did on average until then.
 *
 * The vocabulary is OpenAI's o200k, that of other vendors differs by a tenth or two. It takes about 0.2 s and 35 MB to
 * load, and is loaded when first asked for: most gateways never count.
 */
export async function textCounter(): Promise<CountText> {
  const { countTokens, setMergeCacheSize } = await import("gpt-tokenizer/encoding/o200k_base");
  setMergeCacheSize(KEPT_WORDS);
  let characters = 0;
  let tokens = 0;
  return (text) => {
    const counted = text.slice(0, BUDGET - characters);
    const pieces = counted.match(PIECES) ?? [];
    const exact = pieces.reduce((sum, piece) => sum + countTokens(piece, AS_TEXT), 0);
    characters += counted.length;
    tokens += exact;
    return exact + Math.ceil((text.length - counted.length) * tokens / Math.max(characters, 1));
  };
}
