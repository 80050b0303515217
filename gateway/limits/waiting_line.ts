/** Requests that wait for a place, the first first, each for as long as it may. */

import { within } from "../../streaming/timer.ts";

export interface WaitingLine<T> {
  /**
   * Waits until it is somebody's turn.
   *
   * @throws what `refused` makes where the line is full or the wait too long; or the signal's reason
   */
  wait(who: T, signal: AbortSignal): Promise<void>;
  /** Lets the first go on, if there is one. */
  next(): T | undefined;
  length(): number;
}

export interface WaitingLineOptions {
  most: number;
  /** Milliseconds. */
  patience: number;
  refused: () => Error;
}

export function waitingLine<T>({ most, patience, refused }: WaitingLineOptions): WaitingLine<T> {
  /** With what lets each in. */
  const line = new Map<T, () => void>();

  return {
    async wait(who, signal) {
      if (line.size >= most) throw refused();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const leave = () => reject(signal.reason);
      line.set(who, resolve);
      signal.addEventListener("abort", leave, { once: true });
      try {
        signal.throwIfAborted();
        await within(promise, patience, refused);
      } finally {
        line.delete(who);
        signal.removeEventListener("abort", leave);
      }
    },
    next() {
      const [first] = line;
      if (first === undefined) return undefined;
      const [who, letIn] = first;
      line.delete(who);
      letIn();
      return who;
    },
    length: () => line.size,
  };
}
