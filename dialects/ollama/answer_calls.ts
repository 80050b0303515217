/** The calls of an answer: told only once they are whole, each with its arguments as an object. */

import type { ChatEvent, ToolCallEvent } from "../../chat/event.ts";
import { BREAKS_CALLS, breaksBareCalls, type FinishReason } from "../../chat/finish.ts";
import type { JsonObject } from "../../chat/json.ts";
import { argumentsObject } from "../call_arguments.ts";

export interface AnswerCall {
  id: string;
  name: string;
  json: string;
}

/**
 * The calls as they go out once the answer has ended. One that was cut is left out, as it would look whole (CASES T12,
 * T13); text that the model meant as arguments but that is no object is given as it is, for the tool to refuse.
 */
export function formatCalls(calls: readonly AnswerCall[], reason: FinishReason | undefined): JsonObject[] {
  return calls.flatMap(({ id, name, json }, index) => {
    const given = argumentsObject(json);
    if (json.trim() === "" ? lacksArguments(reason) : given === undefined && isCut(reason)) return [];
    return [{ id, function: { index, name, arguments: given ?? { _raw: json } } }];
  });
}

/** Ends after which the last call's arguments may be half of what they were to be. */
function isCut(reason: FinishReason | undefined): boolean {
  return reason === undefined || BREAKS_CALLS[reason];
}

function lacksArguments(reason: FinishReason | undefined): boolean {
  return reason === undefined || breaksBareCalls(reason);
}

/** The calls of a stream, held until it ends. */
export interface HeldCalls {
  begin(call: ToolCallEvent): void;
  grow(delta: Extract<ChatEvent, { type: "tool-arguments" }>): void;
  /** All of them, and then none, as the answer ended for this reason. */
  take(reason: FinishReason | undefined): JsonObject[];
}

export function heldCalls(): HeldCalls {
  const calls = new Map<number, AnswerCall>();
  return {
    begin: ({ index, id, name }) => void calls.set(index, { id, name, json: "" }),
    grow({ index, json }) {
      const call = calls.get(index);
      if (call !== undefined) call.json += json;
    },
    take(reason) {
      const held = [...calls.values()];
      calls.clear();
      return formatCalls(held, reason);
    },
  };
}
