/** Follows a stream from any frame on: what was missed, then what comes. */

import type { Pull } from "../../streaming/pull.ts";
import { alarm } from "../../streaming/timer.ts";
import type { Feed } from "./feed.ts";

export interface FollowOptions {
  /** The number of the last frame that is not wanted. */
  after: number;
  /** Called once, when it is over for whatever reason. */
  left?: () => void;
  /** Ends it with the signal's reason: the stream itself goes on somewhere else. */
  closing?: AbortSignal;
}

export interface NumberedFrame {
  number: number;
  text: string;
}

export function follow(feed: Feed, { after, left = () => {}, closing }: FollowOptions): Pull<NumberedFrame[]> {
  let at = after;
  let isOver = false;
  /** Whether there may be more than was read. */
  let isNews = true;
  let wake = () => {};
  const changed = () => {
    isNews = true;
    wake();
  };
  const unwatch = feed.watch(changed);
  const clock = alarm(feed.interval, changed);
  closing?.addEventListener("abort", changed, { once: true });

  function release(): void {
    if (isOver) return;
    isOver = true;
    unwatch();
    clock.stop();
    closing?.removeEventListener("abort", changed);
    left();
  }

  async function news(): Promise<void> {
    if (!isNews) {
      clock.arm();
      await new Promise<void>((resolve) => wake = resolve);
      clock.disarm();
    }
    isNews = false;
  }

  async function read(): Promise<NumberedFrame[] | undefined> {
    while (!isOver) {
      closing?.throwIfAborted();
      const { frames, isEnded } = await feed.read(at);
      if (isOver) break;
      const numbered = frames.map((text, index) => ({ number: at + index + 1, text }));
      at += frames.length;
      if (isEnded) release();
      if (frames.length > 0) {
        // There may be more behind what was read at once.
        isNews = true;
        return numbered;
      }
      if (!isEnded) await news();
    }
    return undefined;
  }

  return {
    next: () =>
      read().catch((error) => {
        release();
        throw error;
      }),
    cancel() {
      release();
      wake();
    },
  };
}
