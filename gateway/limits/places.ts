/** How many requests are answered at a time: on this instance, with a short queue before it, and for one key. */

import { GatewayError } from "../../chat/error.ts";
import { within } from "../../streaming/timer.ts";
import type { ClientIdentity } from "../access.ts";
import type { Config } from "../config/mod.ts";
import type { Observation } from "../observation.ts";
import type { GatewayObserver } from "../observer.ts";

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
  /** Those that wait, the first first, and what lets each in. */
  const queue = new Map<Observation, () => void>();
  const ofKey = new Map<string, Set<Observation>>();
  let refused = 0;

  function refuse(error: GatewayError): never {
    refused++;
    throw error;
  }

  /** A key that has all its places taken waits for none: its own requests are what it would wait for. */
  function takeOfKey(observation: Observation, { id, limits: { concurrency } }: ClientIdentity): void {
    const own = ofKey.get(id) ?? new Set();
    if (concurrency !== undefined && own.size >= concurrency) {
      const message = `Cannot answer as the API key has ${concurrency} requests under way already`;
      refuse(new GatewayError("rate-limit", message, { retryAfter: SOON, code: "too_many_concurrent_requests" }));
    }
    ofKey.set(id, own.add(observation));
  }

  async function waitInQueue(observation: Observation, signal: AbortSignal): Promise<void> {
    const full = "Cannot answer as the gateway has too many requests under way";
    if (queue.size >= maxQueue) refuse(new GatewayError("overloaded", full, { retryAfter: SOON }));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => reject(signal.reason);
    queue.set(observation, resolve);
    signal.addEventListener("abort", leave, { once: true });
    try {
      signal.throwIfAborted();
      await within(promise, queueTimeout, () => new GatewayError("overloaded", full, { retryAfter: SOON }));
    } catch (error) {
      if (!signal.aborted) refused++;
      throw error;
    } finally {
      queue.delete(observation);
      signal.removeEventListener("abort", leave);
    }
  }

  function leaveKey(observation: Observation): void {
    for (const [id, own] of ofKey) {
      if (own.delete(observation) && own.size === 0) ofKey.delete(id);
    }
  }

  return {
    async take(observation, client, signal) {
      if (client !== undefined) takeOfKey(observation, client);
      if (maxConcurrent > 0 && running.size >= maxConcurrent) return await waitInQueue(observation, signal);
      running.add(observation);
    },
    started() {},
    finished(observation) {
      leaveKey(observation);
      if (!running.delete(observation)) return;
      const [next] = queue;
      if (next === undefined) return;
      // Its place is taken here: nobody who comes meanwhile gets it.
      const [waiting, letIn] = next;
      queue.delete(waiting);
      running.add(waiting);
      letIn();
    },
    state: () => ({ running: running.size, queued: queue.size, refused }),
  };
}
