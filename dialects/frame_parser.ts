/** Parsers of an upstream's frames: what they have in common, whatever the frames of a dialect say. */

import type { Beat, ChatEvent } from "../chat/event.ts";
import type { Frame } from "../streaming/frame.ts";
import type { EventParser } from "./dialect.ts";
import { failingBeat } from "./failing_beat.ts";
import { upstreamError } from "./upstream_error.ts";

/** A parser that does not hear what an upstream says after its last word. */
export function untilLast({ push, end }: EventParser): EventParser {
  /** Set with the last beat. */
  let over = false;
  return {
    push(frame) {
      if (over) return { events: [], last: true };
      const beat = push(frame);
      over = beat.last ?? false;
      return beat;
    },
    end: () => over ? [] : end(),
  };
}

export interface JsonFrameReader<T> {
  /** What the JSON of a frame is, before it is known what it means; `undefined` where it is no JSON object. */
  parse(text: string): T | undefined;
  /** `text` is the JSON as it came, without the white space around it. */
  read(body: T, frame: Frame, text: string): Beat;
  /** A frame that is no JSON object; an upstream that sends one is malformed unless its reader knows better. */
  readText?(data: string): Beat;
  /** What is left to say at `[DONE]`. */
  close(): ChatEvent[];
  /** Whether the answer is whole without a last beat, as the bytes end. */
  isComplete(): boolean;
  /** What is held back of an answer that is not. */
  flush?(): ChatEvent[];
}

/** A parser of server-sent events that hold JSON. A frame without data says nothing. */
export function jsonFrameParser<T>(reader: JsonFrameReader<T>): EventParser {
  const { parse, read, readText = malformed, close, isComplete, flush = () => [] } = reader;
  return untilLast({
    push(frame) {
      const text = frame.data.trim();
      if (text === "") return { events: [] };
      // OpenAI's end of a stream: relays that are used to it send it in other dialects, too.
      if (text === "[DONE]") return { events: close(), last: true };
      const body = parse(text);
      return body === undefined ? readText(frame.data) : read(body, frame, text);
    },
    end: () => isComplete() ? [] : failingBeat(upstreamError("upstream-cut", ""), flush()).events,
  });
}

function malformed(data: string): Beat {
  return failingBeat(upstreamError("upstream-malformed", data));
}
