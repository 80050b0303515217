/** An upstream's lines as beats, and its whole answer, which is a stream of one line. */

import type { Beat } from "../../chat/event.ts";
import type { EventParser, Quirks } from "../dialect.ts";
import { failingBeat } from "../failing_beat.ts";
import { untilLast } from "../frame_parser.ts";
import { isObject, parseJson } from "../json.ts";
import { upstreamError } from "../upstream_error.ts";
import { type AnswerReader, answerReader } from "./answer_reader.ts";
import { parseInBandError } from "./error.ts";

export function eventParser(quirks: Quirks): EventParser {
  const reader = answerReader(quirks);
  return untilLast({
    push: ({ data }) => readLine(reader, parseJson(data), data),
    end: () => failingBeat(upstreamError("upstream-cut", "no line with done: true"), reader.flush()).events,
  });
}

export function parseResponse(body: unknown, text: string, quirks: Quirks): Beat {
  const reader = answerReader(quirks);
  const beat = readLine(reader, body, text);
  if (!beat.last) return failingBeat(upstreamError("upstream-cut", text), [...beat.events, ...reader.flush()]);
  return beat.raw === undefined ? beat : { ...beat, raw: text };
}

function readLine(reader: AnswerReader, value: unknown, text: string): Beat {
  if (!isObject(value)) return failingBeat(upstreamError("upstream-malformed", text));
  if (value.error) return failingBeat(parseInBandError(value), reader.flush());
  const { events, done, exact } = reader.read(value);
  return { events, ...(exact && { raw: `${text}\n` }), ...(done && { last: true }) };
}
