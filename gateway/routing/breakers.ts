/** Which upstreams are passed over: a model of a provider that failed several times in a row, until a probe succeeds. */

import { createRecentlyUsed } from "../recently_used.ts";

/** Failures in a row that open a breaker. */
const THRESHOLD = 3;
/** Milliseconds for which it stays open at first, and at most; each failed probe doubles it. */
const FIRST_PAUSE = 15_000;
const LONGEST_PAUSE = 300_000;
/** A probe that was never heard of again (its client left) is not waited for longer. */
const PROBE_LIMIT = 120_000;
const REMEMBERED = 5_000;

interface Breaker {
  failures: number;
  /** How often it opened without a success in between. */
  opened: number;
  /** Milliseconds since the epoch; 0 while it is closed. */
  openUntil: number;
  /** When the one probe of a half-open breaker began; `undefined` where none is under way. */
  probedAt?: number;
}

export interface BreakerState {
  /** `provider/model` */
  upstream: string;
  state: "open" | "half-open";
  failures: number;
  /** Milliseconds since the epoch at which a probe is let through. */
  until: number;
}

export interface Breakers {
  /** Whether the upstream may be asked: the breaker is closed, or this would be the one probe. */
  allows(upstream: string): boolean;
  /** An attempt begins. */
  begin(upstream: string): void;
  succeed(upstream: string): void;
  /** It failed, and it was the provider's doing. */
  fail(upstream: string): void;
  /** The attempt ended in a way that says nothing of the provider. */
  release(upstream: string): void;
  /** Those that are not closed. */
  open(): BreakerState[];
}

export function createBreakers({ now }: { now: () => number }): Breakers {
  const breakers = createRecentlyUsed<Breaker>({ limit: REMEMBERED });
  const isOpen = (breaker: Breaker) => breaker.openUntil > now();
  const isProbed = ({ probedAt }: Breaker) => probedAt !== undefined && now() - probedAt < PROBE_LIMIT;

  return {
    allows(upstream) {
      const breaker = breakers.get(upstream);
      return breaker === undefined || breaker.openUntil === 0 || !(isOpen(breaker) || isProbed(breaker));
    },
    begin(upstream) {
      const breaker = breakers.get(upstream);
      if (breaker !== undefined && breaker.openUntil > 0 && !isOpen(breaker)) breaker.probedAt = now();
    },
    succeed: (upstream) => breakers.delete(upstream),
    fail(upstream) {
      const before = breakers.get(upstream) ?? { failures: 0, opened: 0, openUntil: 0 };
      const failures = before.failures + 1;
      // Calls that were under way when it opened tell nothing new.
      const opens = failures >= THRESHOLD && !isOpen(before);
      const pause = Math.min(FIRST_PAUSE * 2 ** before.opened, LONGEST_PAUSE);
      breakers.set(upstream, {
        failures,
        opened: before.opened + (opens ? 1 : 0),
        openUntil: opens ? now() + pause : before.openUntil,
      });
    },
    release(upstream) {
      delete breakers.get(upstream)?.probedAt;
    },
    open: () =>
      breakers.entries().filter(([, { openUntil }]) => openUntil > 0).map(([upstream, breaker]) => ({
        upstream,
        state: isOpen(breaker) ? "open" : "half-open",
        failures: breaker.failures,
        until: breaker.openUntil,
      })),
  };
}
