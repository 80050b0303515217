/** An upstream's lines as beats, and its whole answer, which is a stream of one line. */

import type { Beat } from "../../chat/event.ts";
import type { EventParser, Quirks } from "../dialect.ts";
import { isObject, parseJson } from "../json.ts";
import { upstreamError } from "../upstream_error.ts";
import { type AnswerReader, answerReader } from "./answer_reader.ts";
import { parseInBandError } from "./error.ts";

export function eventParser(quirks: Quirks): EventParser {
  const reader = answerReader(quirks);
  /** The last line was read, or none can follow. */
  let over = false;

  return {
    push({ data }) {
      if (over) return { events: [], last: true };
      const beat = readLine(reader, parseJson(data), data);
      over = beat.last ?? false;
      return beat;
    },
    end() {
      if (over) return [];
      return [...reader.flush(), { type: "error", error: upstreamError("upstream-cut", "no line with done: true") }];
    },
  };
}

export function parseResponse(body: unknown, text: string, quirks: Quirks): Beat {
  const reader = answerReader(quirks);
  const beat = readLine(reader, body, text);
  if (!beat.last) {
    return {
      events: [...beat.events, ...reader.flush(), { type: "error", error: upstreamError("upstream-cut", text) }],
    };
  }
  return beat.raw === undefined ? beat : { ...beat, raw: text };
}

function readLine(reader: AnswerReader, value: unknown, text: string): Beat {
  if (!isObject(value)) {
    return { events: [{ type: "error", error: upstreamError("upstream-malformed", text) }], last: true };
  }
  if (value.error) {
    return { events: [...reader.flush(), { type: "error", error: parseInBandError(value) }], last: true };
  }
  const { events, done, exact } = reader.read(value);
  return { events, ...(exact && { raw: `${text}\n` }), ...(done && { last: true }) };
}
