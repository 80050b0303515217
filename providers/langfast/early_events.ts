/** What is heard before the run is known by its job: all runs of a session are heard, and none crowds out another. */

import type { SocketEvent } from "./read_frame.ts";
import { ownerOf, payloadOf } from "./run_reader.ts";

/** Of one run. Of snapshots, the older ones are dispensable. */
const MOST_EVENTS = 16;
const MOST_RUNS = 256;
/** Of those that say nothing of a run. */
const MOST_UNNAMED = 256;

export interface EarlyEvents {
  add(event: SocketEvent): void;
  /** In their order, and then none. */
  take(): SocketEvent[];
}

export function earlyEvents(): EarlyEvents {
  const runs = new Map<string, { at: number; event: SocketEvent }[]>();
  let count = 0;
  return {
    add(event) {
      const owner = ownerOf(payloadOf(event.payload)) ?? "";
      const events = runs.get(owner) ?? [];
      runs.set(owner, events);
      events.push({ at: count++, event });
      if (events.length > (owner === "" ? MOST_UNNAMED : MOST_EVENTS)) events.shift();
      const [oldest] = runs.keys();
      if (runs.size > MOST_RUNS && oldest !== undefined) runs.delete(oldest);
    },
    take() {
      const events = [...runs.values()].flat().sort((one, other) => one.at - other.at);
      runs.clear();
      return events.map(({ event }) => event);
    },
  };
}
