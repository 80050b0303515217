/** Which upstreams had better not be asked for real streams: those whose streams keep coming back empty or broken. */

import { createRecentlyUsed } from "../recently_used.ts";

/** Bad streams in a row after which an upstream is asked without streaming. */
const THRESHOLD = 2;
/** Milliseconds until a real stream is tried again, at first and at most; each failed trial doubles it. */
const FIRST_PAUSE = 300_000;
const LONGEST_PAUSE = 3_600_000;
const REMEMBERED = 5_000;

interface Habit {
  failures: number;
  turned: number;
  /** Milliseconds since the epoch; 0 while it is asked for streams. */
  fakeUntil: number;
}

export interface FakedUpstream {
  /** `provider/model` */
  upstream: string;
  failures: number;
  /** Milliseconds since the epoch at which a real stream is tried again. */
  until: number;
}

export interface StreamHabits {
  /** Whether the upstream is better asked without streaming now. */
  isFaked(upstream: string): boolean;
  /** A real stream began to speak. */
  succeed(upstream: string): void;
  /** A real stream was empty, malformed, or silent. */
  fail(upstream: string): void;
  faked(): FakedUpstream[];
}

export function createStreamHabits({ now }: { now: () => number }): StreamHabits {
  const habits = createRecentlyUsed<Habit>({ limit: REMEMBERED });
  const isFaked = ({ fakeUntil }: Habit) => fakeUntil > now();

  return {
    isFaked(upstream) {
      const habit = habits.get(upstream);
      return habit !== undefined && isFaked(habit);
    },
    succeed: (upstream) => habits.delete(upstream),
    fail(upstream) {
      const before = habits.get(upstream) ?? { failures: 0, turned: 0, fakeUntil: 0 };
      const failures = before.failures + 1;
      // Streams that were under way when it was turned tell nothing new.
      const turns = failures >= THRESHOLD && !isFaked(before);
      const pause = Math.min(FIRST_PAUSE * 2 ** before.turned, LONGEST_PAUSE);
      habits.set(upstream, {
        failures,
        turned: before.turned + (turns ? 1 : 0),
        fakeUntil: turns ? now() + pause : before.fakeUntil,
      });
    },
    faked: () =>
      habits.entries().filter(([, habit]) => isFaked(habit)).map(([upstream, { failures, fakeUntil }]) => ({
        upstream,
        failures,
        until: fakeUntil,
      })),
  };
}
