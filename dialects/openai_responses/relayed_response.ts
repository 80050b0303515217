/** Follows an upstream's own events while they are relayed, so that the stream can be gone on with where they break off. */

import type { JsonObject } from "../../chat/json.ts";
import { parseJson } from "../json.ts";
import { patchJson } from "../patch_json.ts";
import { endItem, endPart, growCall, type OpenItem } from "./open_item.ts";
import { newPart, partDelta, PARTS, type PartType } from "./part_events.ts";
import { frameSchema, type StreamFrame } from "./schema.ts";

export interface RelayedResponse {
  /** The frame for the client: with another number, if a frame of ours took its own. */
  push(raw: string): string;
  /** The number for a frame of ours. */
  takeNumber(): number;
  /** The response as the upstream began it. */
  response(): JsonObject;
  /** The items that are done. */
  output(): JsonObject[];
  /** The events that close what is open. */
  close(): JsonObject[];
  /** Whether the upstream told the end. */
  isOver(): boolean;
}

const TERMINALS: ReadonlySet<string> = new Set(["response.completed", "response.incomplete"]);

export function relayedResponse(): RelayedResponse {
  const open = new Map<number, OpenItem>();
  const done: JsonObject[] = [];
  let response: JsonObject = {};
  let next = 0;
  let over = false;

  function addItem({ item, output_index: index }: StreamFrame): void {
    if (item && typeof index === "number") open.set(index, { index, item, part: undefined });
  }

  function endOf({ item, output_index: index }: StreamFrame): void {
    if (typeof index !== "number") return;
    open.delete(index);
    if (item) done[index] = item;
  }

  function addPart(frame: StreamFrame, of: OpenItem): void {
    const type = frame.part?.type;
    if (!isPartType(type)) return;
    const place = { item_id: of.item.id, output_index: of.index };
    of.part = newPart(type, { place, index: frame.content_index ?? frame.summary_index ?? 0 });
  }

  function grow({ delta, logprobs }: StreamFrame, of: OpenItem): void {
    if (!delta) return;
    if (of.part === undefined) growCall(of, delta);
    else partDelta(of.part, delta, { logprobs: logprobs ?? [] });
  }

  function follow(frame: StreamFrame): void {
    const type = frame.type ?? "";
    over ||= TERMINALS.has(type);
    if (type === "response.created") response = frame.response ?? {};
    else if (type === "response.output_item.added") addItem(frame);
    else if (type === "response.output_item.done") endOf(frame);
    const item = open.get(frame.output_index ?? -1);
    if (item === undefined) return;
    if (type.endsWith("_part.added")) addPart(frame, item);
    else if (type.endsWith("_part.done")) endPart(item);
    else if (type.endsWith(".delta")) grow(frame, item);
    else if (frame.annotation) item.part?.annotations.push(frame.annotation);
  }

  return {
    push(raw) {
      const frame = frameSchema.parse(parseJson(raw.slice(raw.indexOf("{"))));
      follow(frame);
      const own = frame.sequence_number ?? next;
      const number = Math.max(own, next);
      next = number + 1;
      return number === own ? raw : patchJson(raw, { sequence_number: number });
    },
    takeNumber: () => next++,
    response: () => response,
    output: () => done.filter((item) => item !== undefined),
    close() {
      const rest = [...open.values()].sort((a, b) => a.index - b.index);
      const events = rest.flatMap((item) => endItem(item, "incomplete"));
      for (const { index, item } of rest) done[index] = item;
      open.clear();
      return events.map(({ type, ...members }) => ({ type, sequence_number: next++, ...members }));
    },
    isOver: () => over,
  };
}

function isPartType(type: string | null | undefined): type is PartType {
  return type !== undefined && type !== null && Object.hasOwn(PARTS, type);
}
