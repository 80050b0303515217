/** Answers whose every word says which attempt it belongs to and which place it has there: what is lost or doubled shows. */

import assert from "node:assert/strict";

/** A run of one attempt's words. */
export interface WordRun {
  /** The attempt; `undefined` where there is no word. */
  attempt: string | undefined;
  count: number;
}

export interface Word {
  attempt: string;
  place: number;
}

/** The last word that stands in a text of any kind; `undefined` where there is none. */
export function lastWord(text: string): Word | undefined {
  const [, attempt, place] = [...text.matchAll(/([a-z]\d+-\d+\/\w+-\d+):(\d+)/g)].at(-1) ?? [];
  return attempt === undefined ? undefined : { attempt, place: Number(place) };
}

/** `c3-1/2:0 c3-1/2:1 …`: the words of an attempt from one place up to another. */
export function wordsOf(attempt: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, at) => `${attempt}:${from + at} `);
}

/**
 * Reads what a client was told, from the first word on.
 *
 * @throws {AssertionError} where a word is missing, repeated, broken, or another attempt's
 */
export function readWords(text: string): WordRun {
  const words = text.split(" ");
  assert.equal(words.pop(), "", `the last word is whole: ${text.slice(-80)}`);
  const attempt = words[0]?.split(":")[0];
  words.forEach((word, at) => {
    assert.equal(word, `${attempt}:${at}`, `word ${at} is the next of the same attempt, after ${words[at - 1]}`);
  });
  return { attempt, count: words.length };
}
