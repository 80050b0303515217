/** Writes the tool calls of one choice as deltas, in the form that the client reads. */

import type { ToolCallEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Tool } from "../../chat/request.ts";
import { customCalls } from "../custom_calls.ts";
import type { CallEvent } from "../tool_call_tracker.ts";
import { formatSignature } from "./assistant_message.ts";

export interface CallWriter {
  /** The delta for an event; none where the client cannot be told of it. */
  write(event: CallEvent): JsonObject[];
  /** What is held of arguments that were not whole by the end. */
  flush(): JsonObject[];
  /** An empty object for each call that has no arguments (CASES T9). */
  fill(): JsonObject[];
  hasCalls(): boolean;
}

export interface CallWriterOptions {
  /** The client sent `functions` and reads `function_call`, of which there can be one. */
  legacy: boolean;
  tools: readonly Tool[] | undefined;
}

export function callWriter({ legacy, tools }: CallWriterOptions): CallWriter {
  const customs = customCalls(tools);
  const calls = new Map<number, { isCustom: boolean; isEmpty: boolean }>();

  function begin({ index, id, name, signature, custom = false }: ToolCallEvent): JsonObject[] {
    calls.set(index, { isCustom: custom, isEmpty: true });
    if (legacy) return index === 0 ? [{ function_call: { name, arguments: "" } }] : [];
    const called = custom
      ? { type: "custom", custom: { name, input: "" } }
      : { type: "function", function: { name, arguments: "" } };
    return [{ tool_calls: [{ index, id, ...called, ...formatSignature(signature) }] }];
  }

  function extend(index: number, json: string): JsonObject[] {
    const call = calls.get(index);
    if (call === undefined || json === "") return [];
    call.isEmpty = false;
    if (legacy) return index === 0 ? [{ function_call: { arguments: json } }] : [];
    const fragment = call.isCustom ? { custom: { input: json } } : { function: { arguments: json } };
    return [{ tool_calls: [{ index, ...fragment }] }];
  }

  function write(event: CallEvent): JsonObject[] {
    return event.type === "tool-call" ? begin(event) : extend(event.index, event.json);
  }

  return {
    write: (event) => customs.push(event).flatMap(write),
    flush: () => customs.flush().flatMap(write),
    fill: () => [...calls].flatMap(([index, call]) => call.isEmpty && !call.isCustom ? extend(index, "{}") : []),
    hasCalls: () => calls.size > 0,
  };
}
