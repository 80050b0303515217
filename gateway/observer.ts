/** Whoever wants to see each request begin and end: metrics, traces, records. */

import type { Log } from "./log.ts";
import type { Observation } from "./observation.ts";

export interface GatewayObserver {
  /** Called in the request's async context, when nothing is known yet but its dialect. */
  started(observation: Observation): void;
  /** Called once, when all is known; `now` is in milliseconds since the epoch. Must not keep the caller waiting. */
  finished(observation: Observation, now: number): void;
}

/** All observers as one. What one of them throws is logged, and harms neither the answer nor the others. */
export function observeAll(observers: readonly GatewayObserver[], log: Log): GatewayObserver {
  const each = (call: (observer: GatewayObserver) => void) => {
    for (const observer of observers) {
      try {
        call(observer);
      } catch (error) {
        log.error("observer failed", { cause: String(error) });
      }
    }
  };
  return {
    started: (observation) => each((observer) => observer.started(observation)),
    finished: (observation, now) => each((observer) => observer.finished(observation, now)),
  };
}
