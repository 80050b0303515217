/** Ends an answer at a stop string, in place of an upstream that takes none. */

import type { Beat, ChatEvent } from "../chat/event.ts";
import { flatMap } from "../chat/lists.ts";
import type { Pull } from "./pull.ts";

/**
 * The beats up to the first stop string of each choice, which is not told itself. A text that may be the beginning of one is
 * held until it is known not to be. Nothing is in the upstream's own words any more. Once all choices have ended the source
 * is told to stop: what else it would say costs money, and nobody reads it.
 */
export function cutAtStop(
  source: Pull<Beat[]>,
  { stops, choices }: { stops: readonly string[]; choices: number },
): Pull<Beat[]> {
  const cutters = new Map<number, StopCutter>();
  let over = false;

  function cutterOf(index: number): StopCutter {
    const known = cutters.get(index);
    if (known !== undefined) return known;
    const made = stopCutter(stops);
    cutters.set(index, made);
    return made;
  }

  function flushAll(): ChatEvent[] {
    return [...cutters].flatMap(([index, cutter]) => cutter.flush().map((event) => inChoice(event, index)));
  }

  function push(event: ChatEvent): ChatEvent[] {
    if (event.type === "start" || event.type === "usage") return [event];
    if (event.type === "error") return [...flushAll(), event];
    const index = event.choice ?? 0;
    return cutterOf(index).push(event).map((said) => said === event ? said : inChoice(said, index));
  }

  function cut({ events, last }: Beat): Beat {
    const said = flatMap(events, push);
    return last === undefined ? { events: said } : { events: said, last };
  }

  return {
    async next() {
      if (over) return undefined;
      const beats = await source.next();
      if (beats === undefined) {
        over = true;
        const rest = flushAll();
        return rest.length === 0 ? undefined : [{ events: rest }];
      }
      const given = beats.map(cut);
      if (countCut(cutters) >= choices) {
        over = true;
        source.cancel();
      }
      return given;
    },
    cancel(reason) {
      over = true;
      source.cancel(reason);
    },
  };
}

interface StopCutter {
  push(event: ChatEvent): ChatEvent[];
  /** What is held. */
  flush(): ChatEvent[];
  isCut(): boolean;
}

function stopCutter(stops: readonly string[]): StopCutter {
  let held = "";
  let isCut = false;

  function flush(): ChatEvent[] {
    const text = held;
    held = "";
    return textOf(text);
  }

  function say(text: string): ChatEvent[] {
    held += text;
    const found = firstOf(stops, held);
    if (found !== undefined) {
      isCut = true;
      const before = held.slice(0, found.at);
      held = "";
      return [...textOf(before), { type: "finish", reason: "stop-sequence", stopSequence: found.stop }];
    }
    const kept = longestBeginning(stops, held);
    const told = held.slice(0, held.length - kept);
    held = held.slice(held.length - kept);
    return textOf(told);
  }

  return {
    push(event) {
      if (isCut) return [];
      if (event.type === "text") return say(event.text);
      return held === "" ? [event] : [...flush(), event];
    },
    flush,
    isCut: () => isCut,
  };
}

function textOf(text: string): ChatEvent[] {
  return text === "" ? [] : [{ type: "text", text }];
}

function inChoice(event: ChatEvent, index: number): ChatEvent {
  return index === 0 ? event : { ...event, choice: index } as ChatEvent;
}

/** The one that is whole first, as a model would have stopped there; of several that are so at once the longest. */
function firstOf(stops: readonly string[], text: string): { stop: string; at: number } | undefined {
  return stops.map((stop) => ({ stop, at: text.indexOf(stop) }))
    .filter(({ at }) => at !== -1)
    .sort((a, b) => a.at + a.stop.length - (b.at + b.stop.length) || a.at - b.at)[0];
}

/** How much of the text's end may be the beginning of one of them. */
function longestBeginning(stops: readonly string[], text: string): number {
  return Math.max(0, ...stops.map((stop) => beginningOf(stop, text)));
}

function beginningOf(stop: string, text: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}

function countCut(cutters: ReadonlyMap<number, StopCutter>): number {
  return [...cutters.values()].filter((cutter) => cutter.isCut()).length;
}
