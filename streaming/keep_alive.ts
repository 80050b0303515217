/** Keeps the client's connection alive while nothing comes: the outermost stage, on whole frames only. */

import type { Pull } from "./pull.ts";
import { alarm } from "./timer.ts";

export interface KeepAliveOptions {
  /** Milliseconds of silence after which a ping is due; 0 for none. */
  interval: number;
  /** The dialect's ping. */
  ping: (silence: number) => string[];
  /** The first ping is due at once: the head of the response is sent with it. */
  immediately?: boolean;
}

/**
 * Gives the source's frames, and a ping whenever one was waited for longer than the interval. Driven by the reader: a
 * client that does not read gets no pings piled up, and none ever stands inside a frame (CASES V6).
 */
export function keepAlive(source: Pull<string[]>, options: KeepAliveOptions): Pull<string[]> {
  let due = options.immediately ?? false;
  /** The read under way; it outlives the pings given while it is waited for. */
  let reading: Promise<void> | undefined;
  /** What the read brought while nobody waited: an item, the end, or a failure to be thrown. */
  let arrived: (() => string[] | undefined) | undefined;
  let waiting: { resolve: (frames: string[] | undefined) => void; reject: (error: unknown) => void } | undefined;
  let spokeAt = performance.now();

  const settle = () => {
    if (waiting === undefined || arrived === undefined) return;
    const { resolve, reject } = waiting;
    const take = arrived;
    waiting = arrived = undefined;
    clock.disarm();
    try {
      const frames = take();
      if (frames === undefined) clock.stop();
      spokeAt = performance.now();
      resolve(frames);
    } catch (error) {
      clock.stop();
      reject(error);
    }
  };
  const clock = alarm(options.interval, () => {
    if (waiting === undefined) return;
    const frames = options.ping(performance.now() - spokeAt);
    if (frames.length === 0) return;
    const { resolve } = waiting;
    waiting = undefined;
    clock.disarm();
    resolve(frames);
  });
  const read = () => {
    reading ??= source.next().then(
      (frames) => {
        arrived = () => frames;
      },
      (error) => {
        arrived = () => {
          throw error;
        };
      },
    ).then(() => {
      reading = undefined;
      settle();
    });
  };

  return {
    next() {
      if (due) {
        due = false;
        const frames = options.ping(0);
        if (frames.length > 0) return Promise.resolve(frames);
      }
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        clock.arm();
        if (arrived === undefined) read();
        else settle();
      });
    },
    cancel(reason) {
      clock.stop();
      waiting?.resolve(undefined);
      waiting = undefined;
      source.cancel(reason);
    },
  };
}
