/** An upstream's stream of chunks as beats. It has no last word: it ends with its bytes. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser } from "../dialect.ts";
import { isObject, parseJson } from "../json.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { parseError } from "./error.ts";
import { relayChunk } from "./relay_chunk.ts";

export function eventParser(): EventParser {
  const reader = answerReader();
  /** Set with the last beat: what an upstream says after its last word is not heard. */
  let over = false;

  function readFrame({ data }: Frame): Beat {
    const text = data.trim();
    if (text === "") return { events: [] };
    // Not of this dialect, but of relays that are used to another.
    if (text === "[DONE]") return { events: reader.close(), last: true };
    const body = parseJson(text);
    if (!isObject(body)) return failing(upstreamError("upstream-malformed", data));
    if (body.error) return failing(parseError(0, body));

    const { events, exact } = reader.read(body, text);
    // A chunk that says nothing is another gateway's keep-alive: ours are made anew (CASES V7).
    const relayed = exact && events.length > 0 ? relayChunk(body, text) : undefined;
    return relayed === undefined ? { events } : { events, raw: sseText({ data: relayed }) };
  }

  return {
    push(frame) {
      if (over) return { events: [], last: true };
      const beat = readFrame(frame);
      over = beat.last ?? false;
      return beat;
    },
    end() {
      if (over || reader.isComplete()) return [];
      return [failure(upstreamError("upstream-cut", ""))];
    },
  };
}

function failing(error: GatewayError): Beat {
  return { events: [failure(error)], last: true };
}

function failure(error: GatewayError): ChatEvent {
  return { type: "error", error };
}
