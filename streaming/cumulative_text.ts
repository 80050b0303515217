/** Turns snapshots of a growing text into deltas: an upstream says the whole text so far, a client wants what is new. */

/**
 * Made anew for each text. The function it returns takes the next snapshot and gives what to append.
 *
 * What was said cannot be unsaid in any dialect, so a rewritten tail is answered with the new text from where the two
 * part, and a snapshot that says less (a late one, a trimmed one) with nothing. A surrogate pair is never cut: half of
 * one waits for the other half, and is left out if that never comes.
 *
 * @example
 * ```ts
 * import { cumulativeText } from "./cumulative_text.ts";
 * const news = cumulativeText();
 * console.assert(news("Hel") === "Hel" && news("Hello") === "lo");
 * ```
 */
export function cumulativeText(): (whole: string) => string {
  /** The longest snapshot of the current wording. Not shortened by one that says less: else its end came twice. */
  let said = "";
  return function news(whole) {
    const text = endsInHalfPair(whole) ? whole.slice(0, -1) : whole;
    if (said.startsWith(text)) return "";
    const from = text.startsWith(said) ? said.length : partingOf(said, text);
    said = text;
    return text.slice(from);
  };
}

function endsInHalfPair(text: string): boolean {
  return isHighSurrogate(text.charCodeAt(text.length - 1));
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Where two texts part: 🙂 and 🙁 share their first half, and part before it. */
function partingOf(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at > 0 && isHighSurrogate(b.charCodeAt(at - 1)) ? at - 1 : at;
}
