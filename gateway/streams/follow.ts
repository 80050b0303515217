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
  const news = createNews(feed.interval);
  const unwatch = feed.watch(news.come);
  closing?.addEventListener("abort", news.come, { once: true });

  function release(): void {
    if (isOver) return;
    isOver = true;
    unwatch();
    news.stop();
    closing?.removeEventListener("abort", news.come);
    left();
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
        news.come();
        return numbered;
      }
      if (!isEnded) await news.wait();
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
      news.come();
    },
  };
}

/** Whether there may be more than was read: told by whoever writes, and after a while by the clock. */
function createNews(interval: number) {
  let isNews = true;
  let wake = () => {};
  const come = () => {
    isNews = true;
    wake();
  };
  const clock = alarm(interval, come);
  return {
    come,
    /** Resolves once there may be more. */
    async wait(): Promise<void> {
      if (!isNews) {
        clock.arm();
        await new Promise<void>((resolve) => wake = resolve);
        clock.disarm();
      }
      isNews = false;
    },
    stop: () => clock.stop(),
  };
}
