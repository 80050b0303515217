/** Holds a stream back until it says something, so that a bad start can still be retried (CASES E8, E11). */

import { type Beat, type ChatEvent, isContent } from "../chat/event.ts";
import type { Pull } from "./pull.ts";

export interface Begun {
  /** All beats up to and including the first content, or up to the end. */
  head: Beat[];
  /** True where the stream ended without any content. */
  ended: boolean;
}

/** Reads until the first content or the end. On failure the source has ended itself. */
export async function untilContent(source: Pull<Beat[]>): Promise<Begun> {
  const head: Beat[] = [];
  for (let beats = await source.next(); beats !== undefined; beats = await source.next()) {
    for (const beat of beats) head.push(beat);
    if (beats.some((beat) => beat.events.some(commits))) return { head, ended: false };
  }
  return { head, ended: true };
}

/** Whether nothing can be taken back after it. A signature alone is nothing yet: Gemini signs empty answers, too. */
function commits(event: ChatEvent): boolean {
  return isContent(event) && !(event.type === "reasoning" && event.text === "");
}

/** The source again, with what was held back in front. */
export function putBack<T>(head: T, rest: Pull<T>): Pull<T> {
  let given = false;
  return {
    next() {
      if (given) return rest.next();
      given = true;
      return Promise.resolve(head);
    },
    cancel(reason) {
      given = true;
      rest.cancel(reason);
    },
  };
}
