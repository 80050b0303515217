/** Whoever wants to see each request begin and end: metrics, traces, records. */

import type { Log } from "./log.ts";
import type { Observation } from "./observation.ts";

export interface GatewayObserver {
  /** Called in the request's async context, when nothing is known yet but its dialect. */
  started(observation: Observation): void;
  /** Called for each chunk of a stream but the first, with the milliseconds since the one before. */
  chunk?(observation: Observation, gap: number): void;
  /** Called once, when all is known; `now` is in milliseconds since the epoch. Must not keep the caller waiting. */
  finished(observation: Observation, now: number): void;
}

/** All observers as one. What one of them throws is logged, and harms neither the answer nor the others. */
export function observeAll(observers: readonly GatewayObserver[], log: Log): Required<GatewayObserver> {
  const each = (call: (observer: GatewayObserver) => void) => {
    for (const observer of observers) {
      try {
        call(observer);
      } catch (error) {
        log.error("observer failed", { cause: String(error) });
      }
    }
  };
  const watchesChunks = observers.some(({ chunk }) => chunk !== undefined);
  return {
    chunk(observation, gap) {
      if (watchesChunks) each((observer) => observer.chunk?.(observation, gap));
    },
    started: (observation) => each((observer) => observer.started(observation)),
    finished: (observation, now) => each((observer) => observer.finished(observation, now)),
  };
}
