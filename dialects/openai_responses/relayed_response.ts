/** Follows an upstream's own events while they are relayed, so that the stream can be gone on with where they break off. */

import type { JsonObject } from "../../chat/json.ts";
import { patchJson } from "../patch_json.ts";
import { relayedItems } from "./relayed_items.ts";
import { frameParser, type ReadFrame } from "./read_frame.ts";

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

/** What was read to be relayed is JSON. */
const NOTHING: Pick<ReadFrame, "frame"> = { frame: {} };

const TERMINALS: ReadonlySet<string> = new Set(["response.completed", "response.incomplete"]);

export function relayedResponse(): RelayedResponse {
  const items = relayedItems();
  const parse = frameParser();
  let response: JsonObject = {};
  let next = 0;
  let over = false;

  return {
    push(raw) {
      const { frame } = parse(raw.slice(raw.indexOf("{"))) ?? NOTHING;
      if (frame.type === "response.created") response = frame.response ?? {};
      over ||= TERMINALS.has(frame.type ?? "");
      items.follow(frame);
      const own = frame.sequence_number ?? next;
      const number = Math.max(own, next);
      next = number + 1;
      return number === own ? raw : patchJson(raw, { sequence_number: number });
    },
    takeNumber: () => next++,
    response: () => response,
    output: items.output,
    close: () => items.close().map(({ type, ...members }) => ({ type, sequence_number: next++, ...members })),
    isOver: () => over,
  };
}
