/** Gives the calls of an answer back under the names of the tools that were folded into one. */

import type { Beat, ChatEvent, ToolCallEvent } from "../chat/event.ts";
import { FURTHER, unfold } from "../chat/fold_tools.ts";
import { flatMap } from "../chat/lists.ts";
import type { Pull } from "./pull.ts";

/** A call is held until its arguments are whole, as the tool's name is among them. Nothing is in the upstream's own words. */
export function unfoldCalls(source: Pull<Beat[]>): Pull<Beat[]> {
  const calls = callUnfolder();
  let over = false;
  return {
    async next() {
      if (over) return undefined;
      const beats = await source.next();
      if (beats !== undefined) {
        return beats.map(({ events, last }) => {
          const told = flatMap(events, calls.push);
          return last === undefined ? { events: told } : { events: told, last };
        });
      }
      over = true;
      const rest = calls.flush();
      return rest.length === 0 ? undefined : [{ events: rest }];
    },
    cancel: (reason) => source.cancel(reason),
  };
}

interface HeldCall {
  call: ToolCallEvent;
  json: string;
}

function callUnfolder() {
  /** By choice and index, in the order in which they began. */
  const held = new Map<string, HeldCall>();

  function take(key: string, { call, json }: HeldCall): ChatEvent[] {
    held.delete(key);
    const meant = unfold(json);
    // One that was cut short names no tool: what there is of it is told.
    const { name, json: inner } = meant ?? { name: call.name, json };
    const { index, choice } = call;
    return [{ ...call, name }, { type: "tool-arguments", index, json: inner, ...(choice !== undefined && { choice }) }];
  }

  function flush(): ChatEvent[] {
    return [...held].flatMap(([key, one]) => take(key, one));
  }

  function push(event: ChatEvent): ChatEvent[] {
    switch (event.type) {
      case "tool-call": {
        if (event.name !== FURTHER) return [event];
        held.set(keyOf(event), { call: event, json: "" });
        return [];
      }
      case "tool-arguments": {
        const key = keyOf(event);
        const one = held.get(key);
        if (one === undefined) return [event];
        one.json += event.json;
        return one.json.trimEnd().endsWith("}") && unfold(one.json) !== undefined ? take(key, one) : [];
      }
      case "finish":
      case "error":
        return [...flush(), event];
      default:
        return [event];
    }
  }

  return { push, flush };
}

function keyOf({ choice = 0, index }: { choice?: number; index: number }): string {
  return `${choice}/${index}`;
}
