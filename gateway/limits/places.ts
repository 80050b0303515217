/** How many requests are answered at a time: on this instance, with a short queue before it, and for one key. */

import { GatewayError } from "../../chat/error.ts";
import type { ClientIdentity } from "../access.ts";
import type { Config } from "../config/mod.ts";
import type { Observation } from "../observation.ts";
import type { GatewayObserver } from "../observer.ts";
import { waitingLine } from "./waiting_line.ts";

export interface PlacesState {
  running: number;
  queued: number;
  /** Since the process began. */
  refused: number;
}

export interface Places extends GatewayObserver {
  /**
   * Takes a place, which is free again once the request has `finished`; waits in the queue where all are taken.
   *
   * @throws {GatewayError} `rate-limit` where the key has too many, `overloaded` where the instance has; or the signal's
   *   reason
   */
  take(observation: Observation, client: ClientIdentity | undefined, signal: AbortSignal): Promise<void>;
  state(): PlacesState;
}

/** Milliseconds after which another attempt may make sense: answers end all the time. */
const SOON = 1000;

export function createPlaces(
  { maxConcurrent, maxQueue, queueTimeout }: Pick<Config["advanced"], "maxConcurrent" | "maxQueue" | "queueTimeout">,
): Places {
  const running = new Set<Observation>();
  const ofKey = new Map<string, Set<Observation>>();
  let refused = 0;

  function refusal(kind: "overloaded" | "rate-limit", message: string, code?: string): GatewayError {
    refused++;
    return new GatewayError(kind, message, { retryAfter: SOON, ...(code !== undefined && { code }) });
  }

  const line = waitingLine<Observation>({
    most: maxQueue,
    patience: queueTimeout,
    refused: () => refusal("overloaded", "Cannot answer as the gateway has too many requests under way"),
  });

  /** A key that has all its places taken waits for none: its own requests are what it would wait for. */
  function takeOfKey(observation: Observation, { id, limits: { concurrency } }: ClientIdentity): void {
    const own = ofKey.get(id) ?? new Set();
    if (concurrency !== undefined && own.size >= concurrency) {
      const message = `Cannot answer as the API key has ${concurrency} requests under way already`;
      throw refusal("rate-limit", message, "too_many_concurrent_requests");
    }
    ofKey.set(id, own.add(observation));
  }

  function leaveKey(observation: Observation): void {
    for (const [id, own] of ofKey) {
      if (own.delete(observation) && own.size === 0) ofKey.delete(id);
    }
  }

  return {
    async take(observation, client, signal) {
      if (client !== undefined) takeOfKey(observation, client);
      if (maxConcurrent > 0 && running.size >= maxConcurrent) return await line.wait(observation, signal);
      running.add(observation);
    },
    started() {},
    finished(observation) {
      leaveKey(observation);
      if (!running.delete(observation)) return;
      // Its place is taken here: nobody who comes meanwhile gets it.
      const next = line.next();
      if (next !== undefined) running.add(next);
    },
    state: () => ({ running: running.size, queued: line.length(), refused }),
  };
}
