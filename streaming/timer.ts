/** The clocks of the streaming room: a delay, and an alarm that costs no timer per item. */

import { clearDeadline, type Deadline, setDeadline } from "./deadlines.ts";

/** Waits; rejects with the signal's reason as soon as it is aborted, leaving no timer behind. */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearDeadline(deadline);
      reject(signal?.reason);
    };
    const deadline = setDeadline(milliseconds, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

export interface Alarm {
  /** From now on it rings after its interval, again and again, until disarmed. */
  arm(): void;
  /** It does not ring until armed again. */
  disarm(): void;
  /** Releases the timer. The alarm is not used again. */
  stop(): void;
}

/**
 * An alarm for "nothing came for a while". Arming it anew for every item of a fast stream only notes the time: the one
 * deadline behind it stays, and is set again for what is missing. An interval of 0 never rings.
 */
export function alarm(interval: number, ring: () => void): Alarm {
  let due: number | undefined;
  let deadline: Deadline | undefined;
  const wake = () => {
    deadline = undefined;
    if (due === undefined) return;
    const missing = due - performance.now();
    if (missing > 0.5) {
      deadline = setDeadline(missing, wake);
      return;
    }
    due = performance.now() + interval;
    deadline = setDeadline(interval, wake);
    ring();
  };
  return {
    arm() {
      if (interval <= 0) return;
      due = performance.now() + interval;
      deadline ??= setDeadline(interval, wake);
    },
    disarm() {
      due = undefined;
    },
    stop() {
      due = undefined;
      clearDeadline(deadline);
      deadline = undefined;
    },
  };
}

/**
 * The promise's outcome, or the rejection that `late` makes if it takes longer than `milliseconds` (0: no limit). The
 * work itself goes on: whoever started it stops it.
 */
export function within<T>(work: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  if (milliseconds <= 0) return work;
  return new Promise((resolve, reject) => {
    const deadline = setDeadline(milliseconds, () => reject(late()));
    work.then((value) => {
      clearDeadline(deadline);
      resolve(value);
    }, (error) => {
      clearDeadline(deadline);
      reject(error);
    });
  });
}
