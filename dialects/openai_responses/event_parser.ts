/** An upstream's stream of events as beats. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser } from "../dialect.ts";
import { isObject, parseJson } from "../json.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { relayRules } from "./relay_rules.ts";

/** Quirks say nothing here: this API came with its events, and its imitators took them over. */
export function eventParser(): EventParser {
  const reader = answerReader();
  const isRelayable = relayRules();
  /** Set with the last beat: what an upstream says after its last word is not heard. */
  let over = false;

  function readFrame({ event, data }: Frame): Beat {
    const text = data.trim();
    if (text === "") return { events: [] };
    if (text === "[DONE]") return { events: reader.close(), last: true };
    const parsed = parseJson(text);
    if (!isObject(parsed)) {
      return { events: [{ type: "error", error: upstreamError("upstream-malformed", data) }], last: true };
    }
    const hadItems = reader.hasItems();
    const events = reader.read(withType(parsed, event));
    const isFine = isRelayable(parsed, { hadItems }) && !events.some(({ type }) => type === "error");
    return { events, ...(isFine && { raw: rawOf(parsed, data) }), ...(events.some(isEnd) && { last: true }) };
  }

  return {
    push(frame) {
      if (over) return { events: [], last: true };
      const beat = readFrame(frame);
      over = beat.last ?? false;
      return beat;
    },
    // Unlike Chat Completions, where relays forget it, this API always says that it is done (CASES F11).
    end: () => over ? [] : [{ type: "error", error: upstreamError("upstream-cut", "") }],
  };
}

/** Some compatible upstreams name the type in the `event:` line alone. */
function withType(frame: JsonObject, event: string | undefined): JsonObject {
  return frame.type === undefined && event !== undefined && !frame.error ? { ...frame, type: event } : frame;
}

/** The frame with the name that official upstreams give it; a line break can only stand between its members. */
function rawOf({ type }: JsonObject, data: string): string {
  return sseText({ event: String(type), data: data.replaceAll("\n", " ") });
}

function isEnd({ type }: ChatEvent): boolean {
  return type === "finish" || type === "error";
}
