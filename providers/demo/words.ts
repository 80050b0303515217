/** Cuts a text into words, the deltas of most demo models. */

import type { ChoiceEvent } from "../../chat/choice_folder.ts";

/** The words with the white space around them, so that together they are the text. */
export function words(text: string): string[] {
  return text.match(/\s*\S+\s*/gu) ?? [];
}

export function sayWords(text: string): ChoiceEvent[] {
  return words(text).map((word) => ({ type: "text", text: word }));
}
