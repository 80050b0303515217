/** What is told of each request: its one log line, and to the observers that it began, goes on and has ended. */

import type { Log } from "./log.ts";
import { type Observation, observationFields } from "./observation.ts";
import type { GatewayObserver } from "./observer.ts";
import type { TariffBook } from "./tariff.ts";

export interface Reporter {
  /** Tells the observers that a request has begun, in its async context. */
  start(observation: Observation): void;
  /** Tells them of each chunk of a stream but the first, with the milliseconds since the one before. */
  chunk(observation: Observation, gap: number): void;
  /** Writes the request's one log line and tells the observers; a second call for the same request does nothing. */
  finish(observation: Observation): void;
}

export interface ReporterOptions {
  log: Log;
  now: () => number;
  tariffOf: TariffBook;
}

export function createReporter(
  observers: Required<GatewayObserver>,
  { log, now, tariffOf }: ReporterOptions,
): Reporter {
  const finished = new WeakSet<Observation>();
  return {
    start: (observation) => observers.started(observation),
    chunk: (observation, gap) => observers.chunk(observation, gap),
    finish(observation) {
      if (finished.has(observation)) return;
      finished.add(observation);
      const endedAt = now();
      const tariff = tariffOf(observation, endedAt);
      if (tariff !== undefined) observation.tariff = tariff;
      log[levelOf(observation)]("request", observationFields(observation, endedAt));
      observers.finished(observation, endedAt);
    },
  };
}

function levelOf({ end, error }: Observation): "info" | "warn" | "error" {
  if (error === undefined || end === "cancelled") return "info";
  return error.kind === "internal" ? "error" : "warn";
}
