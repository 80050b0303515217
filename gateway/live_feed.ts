/** What happens in this instance now: the requests that run, and those that were just kept, for whoever watches. */

import type { RequestSummary } from "../records/request_record.ts";
import type { Observation } from "./observation.ts";
import type { GatewayObserver } from "./observer.ts";

export interface LiveFeed extends GatewayObserver {
  /** They are still being written to: to be read, not kept. */
  running(): Iterable<Observation>;
  /** Says that these are in the store now. */
  kept(summaries: readonly RequestSummary[]): void;
  /** Calls back with what was kept; the returned function ends it. */
  watch(watcher: Watcher): () => void;
}

export type Watcher = (kept: readonly RequestSummary[]) => void;

export function createLiveFeed(): LiveFeed {
  const running = new Set<Observation>();
  const watchers = new Set<Watcher>();
  return {
    running: () => running,
    started: (observation) => void running.add(observation),
    finished: (observation) => void running.delete(observation),
    kept(summaries) {
      for (const watcher of watchers) watcher(summaries);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
