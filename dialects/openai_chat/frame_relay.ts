/** An upstream's own frame for a client of this dialect, with what it left unsaid before it. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { joined } from "../../chat/lists.ts";
import type { ChoiceWriters } from "../choice_writers.ts";
import { isObject } from "../json.ts";
import type { SaidEvent } from "../until_failure.ts";
import type { ChoiceWriter } from "./choice_writer.ts";
import type { ChunkFrames } from "./chunk_frames.ts";

export interface RelayParts {
  choices: ChoiceWriters<ChoiceWriter>;
  /** Holds the frame of the counts until the end. */
  counts: { keep(raw: string): void };
  frames: ChunkFrames;
}

/** What a frame told of; its entries were made, so that we know what is left to say if it breaks off. */
export interface Told {
  said: readonly SaidEvent[];
  entries: JsonObject[];
}

/** The member of a delta that opens a choice. */
const ROLE = /"role"\s*:/;

export function frameRelay({ choices, counts, frames }: RelayParts): (raw: string, told: Told) => string[] {
  return function relay(raw, { said, entries }) {
    if (isCount(said)) {
      counts.keep(raw);
      return [];
    }
    // A frame that tells of no other choice is the first one's, be it its role alone.
    const first = said.some((event) => "choice" in event) ? [] : choices.at(0).begin();
    const roles = joined(first, entries.filter(hasRole));
    // The frame with the upstream's own role may have been one that could not be relayed (CASES O1).
    return roles.length === 0 || ROLE.test(raw) ? [raw] : [...roles.map(frames.entry), raw];
  };
}

function hasRole({ delta }: JsonObject): boolean {
  return isObject(delta) && delta.role !== undefined;
}

function isCount(events: readonly ChatEvent[]): boolean {
  return events.some((event) => event.type === "usage") &&
    events.every((event) => event.type === "usage" || event.type === "start");
}
