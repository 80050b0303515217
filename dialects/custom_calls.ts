/** Calls of custom tools by an upstream that was given functions in their place: as free text, which their client reads. */

import type { Tool, ToolCallPart } from "../chat/request.ts";
import { completeJson } from "./complete_json.ts";
import { isCustomTool, unwrapInput } from "./custom_tools.ts";
import type { CallEvent } from "./tool_call_tracker.ts";
import { restoreToolName } from "./tool_ids.ts";

/** The calls of one choice. */
export interface CustomCalls {
  /** The event as the client is told of it. Arguments that hold the free text are held back until they are whole. */
  push(event: CallEvent): CallEvent[];
  /** Arguments that were cut short, as they came: half a free text would look whole (CASES T12). */
  flush(): CallEvent[];
}

interface HeldCall {
  fragments: string[];
  /** An object has begun: anything else is no wrapping, but the free text itself. */
  isObject: boolean;
  /** Takes the next fragment, and tells whether it was the last. */
  isWhole: (fragment: string) => boolean;
}

export function customCalls(tools: readonly Tool[] | undefined): CustomCalls {
  /** By index; those that were told stay, as nothing that follows is theirs. */
  const calls = new Map<number, HeldCall | "told">();

  function grow(call: HeldCall, event: ArgumentsEvent): CallEvent[] {
    call.fragments.push(event.json);
    call.isObject ||= event.json.trimStart().startsWith("{");
    const isHeld = call.isObject ? !call.isWhole(event.json) : event.json.trim() === "";
    if (isHeld) return [];
    const json = call.fragments.join("");
    const input = unwrapInput(json);
    if (input === undefined) calls.delete(event.index);
    else calls.set(event.index, "told");
    return [{ ...event, json: input ?? json }];
  }

  return {
    push(event) {
      if (event.type === "tool-call") {
        if (!isEmulated(event, tools)) return [event];
        calls.set(event.index, { fragments: [], isObject: false, isWhole: completeJson() });
        return [{ ...event, custom: true }];
      }
      const call = calls.get(event.index);
      if (call === "told") return [];
      return call === undefined ? [event] : grow(call, event);
    },
    flush() {
      const cut = [...calls].flatMap(([index, call]): CallEvent[] =>
        call === "told" || call.fragments.length === 0
          ? []
          : [{ type: "tool-arguments", index, json: call.fragments.join("") }]
      );
      calls.clear();
      return cut;
    },
  };
}

type ArgumentsEvent = Extract<CallEvent, { type: "tool-arguments" }>;

/** Whether a call is of a custom tool, though its upstream does not know. */
function isEmulated({ name, custom }: { name: string; custom?: boolean }, tools: readonly Tool[] | undefined): boolean {
  return !custom && isCustomTool(restoreToolName(name, tools), tools);
}

/** The whole call as its client is told of it. */
export function asCustomCall(call: ToolCallPart, tools: readonly Tool[] | undefined): ToolCallPart {
  return isEmulated(call, tools) ? { ...call, custom: true, json: unwrapInput(call.json) ?? call.json } : call;
}
