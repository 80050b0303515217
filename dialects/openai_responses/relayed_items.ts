/** The items of an upstream's own events, as they stand so far. */

import type { JsonObject } from "../../chat/json.ts";
import { annotatePart, endItem, endPart, growCall, growPart, type OpenItem } from "./open_item.ts";
import { newPart, PARTS, type PartType } from "./part_events.ts";
import type { StreamFrame } from "./schema.ts";

export interface RelayedItems {
  follow(frame: StreamFrame): void;
  /** Those that are done. */
  output(): JsonObject[];
  /** The events that close what is open. They lack their numbers. */
  close(): JsonObject[];
}

export function relayedItems(): RelayedItems {
  const open = new Map<number, OpenItem>();
  const done: JsonObject[] = [];

  function begin({ item, output_index: index }: StreamFrame): void {
    if (item && typeof index === "number") open.set(index, { index, item, part: undefined });
  }

  function end({ item, output_index: index }: StreamFrame): void {
    if (typeof index !== "number") return;
    open.delete(index);
    if (item) done[index] = item;
  }

  return {
    follow(frame) {
      if (frame.type === "response.output_item.added") begin(frame);
      else if (frame.type === "response.output_item.done") end(frame);
      const item = open.get(frame.output_index ?? -1);
      if (item !== undefined) extend(item, frame);
    },
    output: () => done.filter((item) => item !== undefined),
    close() {
      const rest = [...open.values()].sort((a, b) => a.index - b.index);
      const events = rest.flatMap((item) => endItem(item, "incomplete"));
      for (const { index, item } of rest) done[index] = item;
      open.clear();
      return events;
    },
  };
}

function extend(item: OpenItem, frame: StreamFrame): void {
  const type = frame.type ?? "";
  if (type.endsWith("_part.added")) addPart(item, frame);
  else if (type.endsWith("_part.done")) endPart(item);
  else if (type.endsWith(".delta")) grow(item, frame);
  else if (frame.annotation) annotatePart(item, frame.annotation);
}

function addPart(item: OpenItem, frame: StreamFrame): void {
  const type = frame.part?.type;
  if (!isPartType(type)) return;
  const place = { item_id: item.item.id, output_index: item.index };
  item.part = newPart(type, { place, index: frame.content_index ?? frame.summary_index ?? 0 });
}

function grow(item: OpenItem, { delta, logprobs }: StreamFrame): void {
  if (!delta) return;
  if (item.part === undefined) growCall(item, delta);
  else growPart(item, delta, { logprobs: logprobs ?? [] });
}

function isPartType(type: string | null | undefined): type is PartType {
  return type !== undefined && type !== null && Object.hasOwn(PARTS, type);
}
