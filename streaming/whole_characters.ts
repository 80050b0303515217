/** Holds half a character back until its other half comes: some vendors cut their deltas within a pair (CASES F1). */

import type { ChatEvent } from "../chat/event.ts";

/** The events with whole characters; the same list where nothing was cut. A half that is never completed is left out. */
export function wholeCharacters(): (events: ChatEvent[]) => ChatEvent[] {
  const held = new Map<string, string>();

  /** The text with the half that came before it, and without one that it ends on. */
  function whole(key: string, text: string): string {
    if (text === "") return text;
    const half = held.get(key) ?? "";
    held.delete(key);
    const joined = isSecondHalf(text) ? half + text : text;
    if (!endsOnHalf(joined)) return joined;
    held.set(key, joined.slice(-1));
    return joined.slice(0, -1);
  }

  function join(event: ChatEvent): ChatEvent {
    switch (event.type) {
      case "text":
      case "reasoning":
      case "refusal":
        return { ...event, text: whole(`${event.type} ${event.choice ?? 0}`, event.text) };
      case "tool-arguments":
        return { ...event, json: whole(`call ${event.choice ?? 0} ${event.index}`, event.json) };
      default:
        return event;
    }
  }

  return (events) => held.size > 0 || events.some(isCut) ? events.map(join) : events;
}

function isCut(event: ChatEvent): boolean {
  if ("text" in event && typeof event.text === "string") return endsOnHalf(event.text);
  return event.type === "tool-arguments" && endsOnHalf(event.json);
}

/** Whether the last unit is the first of a pair. */
function endsOnHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function isSecondHalf(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff;
}
