/** One piece of work that several callers wait for, and that is given up when the last of them has left. */

interface Flight<T> {
  outcome: Promise<T>;
  waiting: number;
  end: AbortController;
}

/**
 * The function it returns starts the work, or joins it where it is under way. A caller whose signal is aborted leaves
 * at once with the signal's reason; the others wait on.
 */
export function sharedFlight<T>(): (start: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => Promise<T> {
  let flight: Flight<T> | undefined;
  return async function join(start, signal) {
    signal.throwIfAborted();
    const joined = flight ??= takeOff(start);
    joined.waiting++;
    try {
      return await unlessAborted(joined.outcome, signal);
    } finally {
      joined.waiting--;
      if (joined.waiting === 0) {
        if (flight === joined) flight = undefined;
        joined.end.abort();
      }
    }
  };
}

function takeOff<T>(start: (signal: AbortSignal) => Promise<T>): Flight<T> {
  const end = new AbortController();
  return { outcome: start(end.signal), waiting: 0, end };
}

async function unlessAborted<T>(outcome: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([outcome, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
