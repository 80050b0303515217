/** Gives a finished answer at a reader's pace, so that a fake stream looks like one. */

import type { Beat, ChatEvent } from "../chat/event.ts";
import type { Pull } from "./pull.ts";
import { delay } from "./timer.ts";

/** Code points of text that stand for one token: the rough average of the common tokenizers. */
const POINTS_PER_TOKEN = 4;

/** Cuts the source's text and reasoning into token-sized pieces, `tokensPerSecond` of them a second; 0 changes nothing. */
export function pace(source: Pull<Beat[]>, tokensPerSecond: number): Pull<Beat[]> {
  if (tokensPerSecond <= 0) return source;
  const stop = new AbortController();
  /** What is to be given, the next one last. */
  let pieces: ChatEvent[] = [];
  let startedAt: number | undefined;
  let given = 0;
  return {
    async next() {
      if (pieces.length === 0) {
        const beats = await source.next();
        if (beats === undefined) return undefined;
        pieces = beats.flatMap((beat) => beat.events).flatMap(cutEvent).reverse();
      }
      const event = pieces.pop();
      if (event === undefined) return [];
      if (event.type === "text" || event.type === "reasoning") {
        startedAt ??= performance.now();
        const wait = startedAt + (given++ * 1000) / tokensPerSecond - performance.now();
        if (wait > 1) await delay(wait, stop.signal);
      }
      return [{ events: [event] }];
    },
    cancel(reason) {
      stop.abort(reason);
      source.cancel(reason);
    },
  };
}

function cutEvent(event: ChatEvent): ChatEvent[] {
  if (event.type !== "text" && event.type !== "reasoning") return [event];
  const pieces = cutText(event.text);
  if (pieces.length < 2) return [event];
  return pieces.map((text, at): ChatEvent => {
    if (event.type === "text") return { ...event, text };
    // The signature stays with the last piece: it closes the thought.
    const { signature, ...thought } = event;
    return at === pieces.length - 1 && signature !== undefined ? { ...thought, text, signature } : { ...thought, text };
  });
}

/** The text in pieces of one token's length, never inside a character. */
export function cutText(text: string): string[] {
  return text.match(new RegExp(`[^]{1,${POINTS_PER_TOKEN}}`, "gu")) ?? [];
}
