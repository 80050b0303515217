/** An upstream's stream of events as beats. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { jsonFrameParser } from "../frame_parser.ts";
import { answerReader } from "./answer_reader.ts";
import { parseInBandError } from "./error.ts";
import { type ReadEvent, readEvents } from "./read_event.ts";
import type { StreamEvent } from "./schema.ts";

/** Events are told apart by the type in their data: some relays leave the `event:` line out (CASES F12). */
export function eventParser(): EventParser {
  const reader = answerReader();

  function read({ body, parsed }: ReadEvent, { event, data }: Frame): Beat {
    const type = parsed.type ?? event ?? "";
    if (type === "ping") return { events: [] };
    if (type === "error" || (body.error && parsed.type === undefined)) return failingBeat(parseInBandError(body));

    const { events, isRepaired } = readEvent(type, parsed);
    return {
      events,
      // What is newer than this page is passed on, too. The official clients need the `event:` line.
      ...(!isRepaired && parsed.type && { raw: sseText({ event: parsed.type, data }) }),
      ...(type === "message_stop" && { last: true }),
    };
  }

  function readEvent(type: string, parsed: StreamEvent): { events: ChatEvent[]; isRepaired?: boolean } {
    const { message, content_block, delta, usage } = parsed;
    const index = parsed.index ?? 0;
    switch (type) {
      case "message_start":
        return { events: message ? reader.begin(message) : [] };
      case "content_block_start":
        return content_block ? reader.startBlock(content_block, index) : { events: [] };
      case "content_block_delta":
        return { isRepaired: !reader.isOpen(index), events: delta ? reader.growBlock(delta, index) : [] };
      case "content_block_stop":
        return { isRepaired: !reader.isOpen(index), events: reader.stopBlock(index) };
      case "message_delta":
        return { events: reader.finish({ delta, usage }) };
      case "message_stop":
        return { events: reader.close() };
      default:
        return { events: [] };
    }
  }

  return jsonFrameParser({ parse: readEvents(), read, close: reader.close, isComplete: reader.isFinished });
}
