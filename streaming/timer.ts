/** The clocks of the streaming room: a delay, and an alarm that costs no timer per item. */

/** Waits; rejects with the signal's reason as soon as it is aborted, leaving no timer behind. */
export function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
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
 * timer behind it runs on, and sleeps again for what is missing. An interval of 0 never rings.
 */
export function alarm(interval: number, ring: () => void): Alarm {
  let due: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sleep = (milliseconds: number) => {
    timer = setTimeout(wake, milliseconds);
  };
  const wake = () => {
    timer = undefined;
    if (due === undefined) return;
    const missing = due - performance.now();
    if (missing > 0.5) return sleep(missing);
    due = performance.now() + interval;
    sleep(interval);
    ring();
  };
  return {
    arm() {
      if (interval <= 0) return;
      due = performance.now() + interval;
      if (timer === undefined) sleep(interval);
    },
    disarm() {
      due = undefined;
    },
    stop() {
      due = undefined;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/**
 * The promise's outcome, or the rejection that `late` makes if it takes longer than `milliseconds` (0: no limit). The
 * work itself goes on: whoever started it stops it.
 */
export async function within<T>(work: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  if (milliseconds <= 0) return await work;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
