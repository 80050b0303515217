/** Beats between a socket, which cannot be told to wait, and a reader, who may be slow. */

import type { Beat } from "../../chat/event.ts";
import { GatewayError } from "../../chat/error.ts";
import type { Pull } from "../../streaming/pull.ts";

export interface BeatQueue {
  push(beat: Beat): void;
  /** No beat follows. What is queued is still given. */
  end(): void;
  /** The same, and then the reader gets the error. Without effect after an end. */
  fail(error: unknown): void;
  /** Each `next` gives all that is queued. */
  beats: Pull<Beat[]>;
}

export interface BeatQueueOptions {
  /** Characters of text that are held for a reader who does not come. */
  limit: number;
  /** The reader left, or came too late: the source shall stop. */
  stop(reason: unknown): void;
}

export function beatQueue({ limit, stop }: BeatQueueOptions): BeatQueue {
  let queued: Beat[] = [];
  let size = 0;
  let over = false;
  let failure: { error: unknown } | undefined;
  /** Wakes the reader who waits in `next`. */
  let wake = () => {};

  const end = (error?: { error: unknown }) => {
    if (over) return;
    over = true;
    failure = error;
    wake();
  };
  const take = (): Beat[] => {
    const beats = queued;
    queued = [];
    size = 0;
    return beats;
  };

  return {
    push(beat) {
      if (over) return;
      queued.push(beat);
      size += textLength(beat);
      wake();
      if (size > limit) stop(new GatewayError("overloaded", "Cannot hold more of the answer as it is not being read"));
    },
    end: () => end(),
    fail: (error) => end({ error }),
    beats: {
      async next() {
        while (queued.length === 0 && !over) await new Promise<void>((resolve) => wake = resolve);
        if (queued.length > 0) return take();
        if (failure === undefined) return undefined;
        const { error } = failure;
        failure = undefined;
        throw error;
      },
      cancel(reason) {
        take();
        end(reason === undefined ? undefined : { error: reason });
        stop(reason);
      },
    },
  };
}

function textLength(beat: Beat): number {
  return beat.events.reduce((sum, event) => sum + (event.type === "text" ? event.text.length : 0), 0);
}
