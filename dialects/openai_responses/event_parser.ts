/** An upstream's stream of events as beats. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser } from "../dialect.ts";
import { jsonFrameParser } from "../frame_parser.ts";
import { answerReader } from "./answer_reader.ts";
import { frameParser, type ReadFrame } from "./read_frame.ts";
import { relayRules } from "./relay_rules.ts";

/** Quirks say nothing here: this API came with its events, and its imitators took them over. */
export function eventParser(): EventParser {
  const reader = answerReader();
  const isRelayable = relayRules();

  function read({ body, frame }: ReadFrame, { event, data }: Frame): Beat {
    const hadItems = reader.hasItems();
    // Some compatible upstreams name the type in the `event:` line alone.
    const isNamed = frame.type === undefined && event !== undefined && !body.error;
    const events = reader.read(isNamed ? { ...frame, type: event } : frame, body);
    const isFine = isRelayable(body, { hadItems }) && !events.some(({ type }) => type === "error");
    return { events, ...(isFine && { raw: rawOf(body, data) }), ...(events.some(isEnd) && { last: true }) };
  }

  // Unlike Chat Completions, where relays forget it, this API always says that it is done (CASES F11).
  return jsonFrameParser({ parse: frameParser(), read, close: reader.close, isComplete: () => false });
}

/** The frame with the name that official upstreams give it; a line break can only stand between its members. */
function rawOf({ type }: JsonObject, data: string): string {
  return sseText({ event: String(type), data: data.replaceAll("\n", " ") });
}

function isEnd({ type }: ChatEvent): boolean {
  return type === "finish" || type === "error";
}
