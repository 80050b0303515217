/** The events of one stream in their order: numbered, and among them those about the response as a whole. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { Usage } from "../../chat/usage.ts";
import type { Ending } from "./finish.ts";
import { formatUsage } from "./usage.ts";

export interface ResponseFramesOptions {
  /** The response as it begins; called once, with the upstream's time if it is known by then. */
  begin: (created: number | undefined) => JsonObject;
  /** How many events another writer wrote before, the preamble among them. */
  after: number | undefined;
}

export interface ResponseFrames {
  /** The upstream's time counts for a response that has not begun, its counts to the end. */
  note(event: ChatEvent): void;
  /** The event with its number. */
  number(event: JsonObject): JsonObject;
  /** What is missing of the preamble. */
  open(): JsonObject[];
  /** A sign of life: the next of the preamble, or its last once more. */
  ping(): JsonObject[];
  /** The last event; `members` are those of the response that have changed. */
  close(status: Ending["status"], members: JsonObject): JsonObject;
  isOver(): boolean;
  /** The response as it stands: whole after the end. */
  response(): JsonObject;
}

/** How much of the preamble is missing where so much was written. */
const MISSING = { none: ["created", "in_progress"], created: ["in_progress"], all: [] } as const;

export function responseFrames({ begin, after }: ResponseFramesOptions): ResponseFrames {
  let created: number | undefined;
  let response: JsonObject | undefined = after === undefined ? undefined : begin(undefined);
  let preamble: keyof typeof MISSING = after === undefined ? "none" : "all";
  let next = after ?? 0;
  let usage: Usage | undefined;
  let over = false;

  function number({ type, ...members }: JsonObject): JsonObject {
    return { type, sequence_number: next++, ...members };
  }

  function current(): JsonObject {
    return response ??= begin(created);
  }

  return {
    note(event) {
      if (event.type === "start") created ??= event.created;
      if (event.type === "usage") usage = event.usage;
    },
    number,
    open() {
      const missing = MISSING[preamble];
      preamble = "all";
      return missing.map((step) => number({ type: `response.${step}`, response: current() }));
    },
    ping() {
      const isFirst = preamble === "none";
      preamble = isFirst ? "created" : "all";
      return [
        number(
          isFirst
            ? { type: "response.created", response: current() }
            : { type: "response.in_progress", response: brief(current()) },
        ),
      ];
    },
    close(status, members) {
      over = true;
      response = { ...current(), ...members, status, usage: usage ? formatUsage(usage) : null };
      return number({ type: `response.${status}`, response });
    },
    isOver: () => over,
    response: current,
  };
}

/** What Codex asks with is some 40 kB, too much to repeat every few seconds. */
function brief(response: JsonObject): JsonObject {
  return { ...response, instructions: null, tools: [] };
}
