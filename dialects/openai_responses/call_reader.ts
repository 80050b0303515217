/** What an upstream's call items say: that a call begins, and its arguments, each once. */

import type { Json } from "../../chat/json.ts";
import { type CallEvent, toolCallTracker } from "../tool_call_tracker.ts";
import type { ItemLedger } from "./item_ledger.ts";
import { joinName } from "./namespaces.ts";
import type { PartText } from "./part_reader.ts";
import type { OutputItem } from "./schema.ts";

export interface CallReader {
  /** The signature of the call that comes next. */
  sign(signature: string): void;
  /** Arguments, which say whose they are by their place; `item` is the call's own, where that is what was told. */
  read(text: Omit<PartText, "part">, item?: OutputItem): CallEvent[];
  /** How many calls have begun. */
  count(): number;
}

/** `makeId` makes an id for a call of that index whose upstream gave none. */
export function callReader(ledger: ItemLedger, makeId: (index: number) => string): CallReader {
  const calls = toolCallTracker(makeId);
  let signature: string | undefined;

  return {
    sign(given) {
      signature = given;
    },
    read({ place, text, take }, item) {
      const state = ledger.at(place);
      // Once the name is known, only the place tells whose arguments these are.
      const head = state.isCalled || item === undefined ? {} : { ...headOf(item), signature };
      const { events } = calls.push({ index: state.index, arguments: take(state, { part: "json", text }), ...head });
      if (events.some(({ type }) => type === "tool-call")) {
        state.isCalled = true;
        signature = undefined;
      }
      return events;
    },
    count: calls.count,
  };
}

function headOf({ type, call_id, id, name, namespace }: OutputItem) {
  return {
    id: call_id ?? id ?? undefined,
    name: name ? joinName(name, namespace) : undefined,
    custom: type === "custom_tool_call",
  };
}

/** What a whole call was called with. Compatible vendors send an object in place of its text (CASES T10). */
export function argumentsOf({ input, arguments: json }: OutputItem): string {
  return input ?? textOf(json);
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
