/** An upstream's stream of chunks as beats. */

import type { Beat } from "../../chat/event.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser, Quirks } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { jsonFrameParser } from "../frame_parser.ts";
import { parseInBandError } from "../openai_error.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { type Chunk, chunkParser } from "./chunk.ts";
import { chunkRules } from "./relay_rules.ts";

export function eventParser(quirks: Quirks): EventParser {
  const reader = answerReader(quirks);
  const isRelayable = chunkRules();

  function read(chunk: Chunk, { event, data }: Frame, text: string): Beat {
    const { body } = chunk;
    // An error without its envelope: named by the event, or by vLLM's `object`.
    const isBare = (event === "error" || body.object === "error") && !body.error;
    if (isBare) return failingBeat(parseInBandError(body), reader.flush());

    const { events, exact } = reader.read(chunk, text);
    const last = events.at(-1);
    if (last?.type === "error") return failingBeat(last.error, [...events.slice(0, -1), ...reader.flush()]);
    const head = reader.head();
    const isClean = exact && event === undefined && head !== undefined && isRelayable(body, head);
    return isClean ? { events, raw: sseText({ data }) } : { events };
  }

  function readText(data: string): Beat {
    if (quirks.tolerant) return { events: reader.readText(data) };
    return failingBeat(upstreamError("upstream-malformed", data), reader.flush());
  }

  const { close, isComplete, flush } = reader;
  return jsonFrameParser({ parse: chunkParser(), read, readText, close, isComplete, flush });
}
