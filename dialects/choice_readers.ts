/** The choices of an upstream's answer: a reader for each, made when it is first heard of. */

import type { ChatEvent } from "../chat/event.ts";

export interface ChoiceReaders<R> {
  at(index: number): R;
  has(index: number): boolean;
  /** What is taken from all of them, in the order in which they came. */
  fromAll(take: (reader: R) => ChatEvent[]): ChatEvent[];
  /** Whether a choice spoke, and each that did has ended. */
  areFinished(): boolean;
}

export function choiceReaders<R extends { isFinished(): boolean }>(make: (index: number) => R): ChoiceReaders<R> {
  const readers = new Map<number, R>();
  return {
    at(index) {
      const reader = readers.get(index) ?? make(index);
      readers.set(index, reader);
      return reader;
    },
    has: (index) => readers.has(index),
    fromAll: (take) => [...readers].flatMap(([index, reader]) => placed(take(reader), index)),
    areFinished: () => readers.size > 0 && [...readers.values()].every((reader) => reader.isFinished()),
  };
}

/** The events under their choice's index; the first one's is left out. */
export function placed(events: ChatEvent[], choice: number): ChatEvent[] {
  if (choice === 0) return events;
  return events.map((event) =>
    event.type === "start" || event.type === "usage" || event.type === "error" ? event : { ...event, choice }
  );
}
