/** Tries again what failed in a way that may pass. */

import { type GatewayError, toGatewayError } from "../chat/error.ts";
import { delay } from "../streaming/timer.ts";
import { backoff } from "./backoff.ts";
import type { AttemptNote } from "./observation.ts";

export interface RetryOptions {
  signal: AbortSignal;
  /** Attempts in all, the first included. */
  maxAttempts: number;
  random: () => number;
  now: () => number;
  /** Called after each attempt. */
  note: (attempt: Pick<AttemptNote, "startedAt" | "outcome" | "milliseconds" | "detail">) => void;
}

/** What an attempt brought, and what is noted of it. */
export interface Attempted<T> {
  result: T;
  outcome: AttemptNote["outcome"];
}

/**
 * Does the work, given the number of the attempt from 1.
 *
 * @throws {GatewayError} the last attempt's, when all are spent or none would help
 */
export async function retry<T>(work: (attempt: number) => Promise<Attempted<T>>, options: RetryOptions): Promise<T> {
  const { signal, maxAttempts, random, now, note } = options;
  for (let attempt = 1;; attempt++) {
    const startedAt = now();
    try {
      const { result, outcome } = await work(attempt);
      note({ startedAt, outcome, milliseconds: now() - startedAt });
      return result;
    } catch (thrown) {
      const error: GatewayError = toGatewayError(signal.aborted ? signal.reason : thrown);
      const { kind, detail, retryable, retryAfter } = error;
      note({ startedAt, outcome: kind, milliseconds: now() - startedAt, ...(detail !== undefined && { detail }) });
      const wait = backoff({ attempt, retryAfter, random: random() });
      if (signal.aborted || !retryable || attempt >= maxAttempts || wait === undefined) throw error;
      await delay(wait, signal);
    }
  }
}
