/** An answer that its upstream gives in several legs as one: only the last one's end is told. */

import type { Beat, ChatEvent } from "../chat/event.ts";
import { flatMap } from "../chat/lists.ts";
import { addUsage, type Usage } from "../chat/usage.ts";
import { forReader, type Pull } from "./pull.ts";

/** A window of a million tokens in legs of 65,536 takes sixteen. */
const MOST_LEGS = 20;

/** `openLeg` opens the rest of an answer, by what the finish of the leg before told. */
export function joinLegs(first: Pull<Beat[]>, openLeg: (resume: string) => Promise<Pull<Beat[]>>): Pull<Beat[]> {
  const seam = createSeam();
  let leg: Pull<Beat[]> | undefined = first;
  let isCancelled = false;

  async function goOn(): Promise<Pull<Beat[]> | undefined> {
    const resume = isCancelled ? undefined : seam.next();
    const next = resume === undefined ? undefined : await openLeg(resume);
    return forReader(next, { hasLeft: isCancelled });
  }

  return {
    async next() {
      while (leg !== undefined) {
        const beats = await leg.next();
        if (beats !== undefined) return beats.map(({ events }) => ({ events: flatMap(events, seam.push) }));
        // No leg stands while one is opened: a failure of that is the answer's.
        leg = undefined;
        leg = await goOn();
      }
      return undefined;
    },
    cancel(reason) {
      isCancelled = true;
      leg?.cancel(reason);
    },
  };
}

interface Seam {
  /** What of an event is for the client. */
  push(event: ChatEvent): ChatEvent[];
  /** What the next leg is to be asked with; `undefined` where the answer is at its end. */
  next(): string | undefined;
}

function createSeam(): Seam {
  let legs = 1;
  /** What the leg was asked with, and what it says that the next is to be. */
  let asked: string | undefined;
  let resume: string | undefined;
  /** Of the legs before, and of this one so far. */
  let spent: Usage | undefined;
  let used: Usage | undefined;
  /** Calls of the legs before, and of all: each leg counts its own from 0. */
  let before = 0;
  let calls = 0;

  return {
    push(event) {
      switch (event.type) {
        case "start":
          return legs === 1 ? [event] : [];
        case "usage":
          used = event.usage;
          return [{ type: "usage", usage: addUsage(spent, event.usage) }];
        case "tool-call":
          calls = Math.max(calls, before + event.index + 1);
          return [{ ...event, index: before + event.index }];
        case "tool-arguments":
          return [{ ...event, index: before + event.index }];
        case "finish":
          // The same word again would bring the same leg again.
          resume = event.resume === asked || legs === MOST_LEGS ? undefined : event.resume;
          return resume === undefined ? [event] : [];
        default:
          return [event];
      }
    },
    next() {
      if (resume === undefined) return undefined;
      asked = resume;
      resume = undefined;
      spent = used && addUsage(spent, used);
      used = undefined;
      before = calls;
      legs++;
      return asked;
    },
  };
}
