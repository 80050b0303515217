/** How long to wait before the next attempt: exponential with jitter, or what the upstream asked for. */

const BASE = 200;
const CEILING = 5_000;

/** A client is not kept waiting longer than this for a retry: it is told when to come back instead. */
export const PATIENCE = 10_000;

export interface BackoffOptions {
  /** The attempt that just failed, from 1. */
  attempt: number;
  /** Milliseconds the upstream asked for. */
  retryAfter: number | undefined;
  /** A number in [0, 1). */
  random: number;
}

/** Milliseconds to wait, or `undefined` where the upstream wants more patience than a client has. */
export function backoff({ attempt, retryAfter, random }: BackoffOptions): number | undefined {
  const exponential = Math.min(BASE * 2 ** (attempt - 1), CEILING);
  const jittered = exponential * (0.5 + random / 2);
  if (retryAfter === undefined) return jittered;
  // The jitter comes on top, so that all who were told the same second do not come back in it together.
  return retryAfter > PATIENCE ? undefined : retryAfter + jittered - exponential / 2;
}
