/** An upstream's stream of chunks as beats. It has no last word: it ends with its bytes. */

import type { Beat } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { jsonFrameParser } from "../frame_parser.ts";
import { parseObject } from "../json.ts";
import { answerReader } from "./answer_reader.ts";
import { parseError } from "./error.ts";
import { relayChunk } from "./relay_chunk.ts";

export function eventParser(): EventParser {
  const reader = answerReader();

  function read(body: JsonObject, _frame: Frame, text: string): Beat {
    if (body.error) return failingBeat(parseError(0, body));
    const { events, exact } = reader.read(body, text);
    // A chunk that says nothing is another gateway's keep-alive: ours are made anew (CASES V7).
    const relayed = exact && events.length > 0 ? relayChunk(body, text) : undefined;
    return relayed === undefined ? { events } : { events, raw: sseText({ data: relayed }) };
  }

  return jsonFrameParser({ parse: parseObject, read, close: reader.close, isComplete: reader.isComplete });
}
