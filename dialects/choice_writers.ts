/** The writers of an answer's choices, one for each, made as they are first heard of. */

import type { JsonObject } from "../chat/json.ts";

export interface ChoiceWriters<W> {
  at(index: number): W;
  /** The ends that were not written. An answer that said nothing still has a choice, and its end. */
  close(): JsonObject[];
}

export function choiceWriters<W extends { close(): JsonObject[] }>(make: (index: number) => W): ChoiceWriters<W> {
  const writers = new Map<number, W>();

  function at(index: number): W {
    const writer = writers.get(index) ?? make(index);
    writers.set(index, writer);
    return writer;
  }

  return {
    at,
    close() {
      if (writers.size === 0) at(0);
      return [...writers.values()].flatMap((writer) => writer.close());
    },
  };
}
