/** The candidates of one stream: what each of them says, and which of them have come to their end. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { type CandidateWriter, candidateWriter } from "./candidate_writer.ts";

export interface Candidates {
  /** The entries of a chunk for what is to be said now. */
  say(events: readonly ChatEvent[]): JsonObject[];
  /** Notes what a relayed chunk said. */
  relayed(events: readonly ChatEvent[]): void;
  /** Whether something waits for the last chunk, so that none may be relayed before it. */
  isHolding(): boolean;
  /** Whether the events are all about candidates whose end is known. */
  areLate(events: readonly ChatEvent[]): boolean;
  /** Whether so many candidates, and all that spoke, had their end in a relayed chunk. */
  areClosed(count: number): boolean;
  /** The entries of the last chunk: all that is owed. */
  end(): JsonObject[];
}

export function answerCandidates(request: ChatRequest): Candidates {
  const candidates: CandidateWriter[] = [];

  /** They are told without gaps, even one that says nothing. */
  function at(index: number): CandidateWriter {
    while (candidates.length < index) candidates.push(candidateWriter(request));
    return candidates[index] ??= candidateWriter(request);
  }

  return {
    say(events) {
      const said = new Map<number, JsonObject[]>();
      for (const event of events) {
        const index = choiceOf(event);
        if (index === undefined) continue;
        for (const part of at(index).push(event)) listIn(said, index).push(part);
      }
      return [...said].map(([index, parts]) => ({ content: { role: "model", parts }, index }));
    },
    relayed(events) {
      for (const event of events) {
        const index = choiceOf(event);
        if (index !== undefined) at(index).relayed(event);
      }
    },
    isHolding: () => candidates.some((candidate) => candidate.isHolding()),
    areLate(events) {
      const choices = events.map(choiceOf).filter((index) => index !== undefined);
      return choices.length > 0 && choices.every((index) => at(index).isFinished());
    },
    areClosed: (count) => candidates.length >= count && candidates.every((candidate) => candidate.isClosed()),
    end() {
      at(0);
      return candidates.flatMap((candidate, index) => candidate.isClosed() ? [] : [candidate.end(index)]);
    },
  };
}

function listIn<T>(lists: Map<number, T[]>, index: number): T[] {
  const list = lists.get(index) ?? [];
  lists.set(index, list);
  return list;
}

/** The candidate that an event is about; none for what concerns the whole answer. */
function choiceOf(event: ChatEvent): number | undefined {
  if (event.type === "start" || event.type === "usage" || event.type === "error") return undefined;
  return event.choice ?? 0;
}
