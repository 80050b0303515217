/** The text of an answer in several legs, each without the words of the one before that it repeats (CASES V17). */

import { mayOverlap, overlapOf } from "./overlap.ts";

export interface Sift {
  /** What of a leg's text is new; held back for as long as it may still turn out to be a repetition. */
  push(text: string): string;
  /** What is held back, as the leg says no more text for now. */
  release(): string;
  /** What is held back is dropped, as the leg broke off in it: it was about to repeat what was said. */
  drop(): void;
  /** Another leg begins. */
  begin(): void;
  /** All that was let through. */
  said(): string;
}

export function createSift(): Sift {
  let said = "";
  /** The beginning of a later leg, until it is known what of it is new. */
  let held: string | undefined;

  const speak = (text: string): string => {
    said += text;
    return text;
  };
  const release = (): string => {
    const text = held ?? "";
    held = undefined;
    return speak(text.slice(overlapOf(said, text)));
  };
  return {
    push(text) {
      if (held === undefined) return speak(text);
      held += text;
      return mayOverlap(said, held) ? "" : release();
    },
    release,
    drop: () => void (held = undefined),
    begin: () => void (held = ""),
    said: () => said,
  };
}
