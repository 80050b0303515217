/** An output item that has begun: its events from `added` to `done`, which official clients check. */

import type { Json, JsonObject } from "../../chat/json.ts";
import {
  annotationAdded,
  newPart,
  type OpenPart,
  partAdded,
  partDelta,
  partDone,
  PARTS,
  type PartType,
  partValue,
} from "./part_events.ts";

export type ItemStatus = "completed" | "incomplete";

export interface OpenItem {
  index: number;
  /** As it stands so far, its open part left out. */
  item: JsonObject;
  part: OpenPart | undefined;
}

/** Calls grow by their arguments, or by free text, and have no parts. */
const CALLS = {
  function_call: { member: "arguments", event: "response.function_call_arguments" },
  custom_tool_call: { member: "input", event: "response.custom_tool_call_input" },
} as const;

/** Events lack their number. The item is copied, as it grows while the event waits to be written. */
export function itemAdded({ index, item }: OpenItem): JsonObject {
  return { type: "response.output_item.added", output_index: index, item: structuredClone(item) };
}

export function beginPart(open: OpenItem, type: PartType): JsonObject[] {
  const place = { item_id: open.item.id, output_index: open.index };
  open.part = newPart(type, { place, index: partsOf(open, type).length });
  return [partAdded(open.part)];
}

/** The open part grows by the text; `logprobs` are the text's. */
export function growPart({ part }: OpenItem, delta: string, options: { logprobs: Json[] }): JsonObject[] {
  return part === undefined ? [] : [partDelta(part, delta, options)];
}

export function annotatePart({ part }: OpenItem, annotation: JsonObject): JsonObject[] {
  return part === undefined ? [] : [annotationAdded(part, annotation)];
}

/** Closes the open part. */
export function endPart(open: OpenItem): JsonObject[] {
  const { part } = open;
  if (part === undefined) return [];
  partsOf(open, part.type).push(partValue(part));
  open.part = undefined;
  return partDone(part);
}

export function growCall({ index, item }: OpenItem, delta: string): JsonObject[] {
  const call = callWords(item);
  if (call === undefined) return [];
  item[call.member] = textAt(item, call.member) + delta;
  return [{ type: `${call.event}.delta`, item_id: item.id, output_index: index, delta }];
}

export function endItem(open: OpenItem, status: ItemStatus): JsonObject[] {
  const { index, item } = open;
  // A server tool's own status may be another, and stays.
  if (item.status === "in_progress") item.status = status;
  return [
    ...endPart(open),
    ...endCall(open, status),
    { type: "response.output_item.done", output_index: index, item },
  ];
}

/** A call without arguments gets the empty object (CASES T9), unless it was cut short (T13). */
function endCall(open: OpenItem, status: ItemStatus): JsonObject[] {
  const { index, item } = open;
  const call = callWords(item);
  if (call === undefined) return [];
  const isEmpty = item.type === "function_call" && textAt(item, call.member).trim() === "";
  const filled = isEmpty && status === "completed" ? growCall(open, "{}") : [];
  const done = { type: `${call.event}.done`, item_id: item.id, output_index: index };
  return [...filled, { ...done, [call.member]: textAt(item, call.member) }];
}

function callWords({ type }: JsonObject) {
  return type === "function_call" || type === "custom_tool_call" ? CALLS[type] : undefined;
}

function partsOf({ item }: OpenItem, type: PartType) {
  const { list } = PARTS[type];
  const parts = item[list];
  return Array.isArray(parts) ? parts : item[list] = [];
}

function textAt(item: JsonObject, member: string): string {
  const text = item[member];
  return typeof text === "string" ? text : "";
}
