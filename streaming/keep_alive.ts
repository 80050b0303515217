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

/** What a wait ended with: frames of the source (none at its end), or a ping. */
interface Waited {
  frames: string[] | undefined;
  isPing: boolean;
}

/**
 * Gives the source's frames, and a ping whenever one was waited for longer than the interval. Driven by the reader: a
 * client that does not read gets no pings piled up, and none ever stands inside a frame (CASES V6).
 */
export function keepAlive(source: Pull<string[]>, options: KeepAliveOptions): Pull<string[]> {
  let due = options.immediately ?? false;
  /** The read under way: it outlives the pings that are given while it is waited for. */
  let reading: Promise<Waited> | undefined;
  /** Ends the wait of whoever waits. */
  let wake: (waited: Waited) => void = () => {};
  let spokeAt = performance.now();
  const clock = alarm(options.interval, () => {
    const frames = options.ping(performance.now() - spokeAt);
    if (frames.length > 0) wake({ frames, isPing: true });
  });
  const read = (): Promise<Waited> => {
    const started = source.next().then((frames) => ({ frames, isPing: false }));
    // It may fail while a ping is being read; who asks next is told.
    started.catch(() => {});
    return started;
  };

  return {
    async next() {
      if (due) {
        due = false;
        const frames = options.ping(0);
        if (frames.length > 0) return frames;
      }
      reading ??= read();
      clock.arm();
      const woken = new Promise<Waited>((resolve) => wake = resolve);
      const { frames, isPing } = await Promise.race([reading, woken]).catch((error) => {
        clock.stop();
        throw error;
      });
      clock.disarm();
      if (isPing) return frames;
      reading = undefined;
      spokeAt = performance.now();
      if (frames === undefined) clock.stop();
      return frames;
    },
    cancel(reason) {
      clock.stop();
      wake({ frames: undefined, isPing: true });
      source.cancel(reason);
    },
  };
}
