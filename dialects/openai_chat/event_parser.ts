/** An upstream's stream of chunks as beats. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser, Quirks } from "../dialect.ts";
import { isObject, parseJson } from "../json.ts";
import { upstreamError } from "../upstream_error.ts";
import { answerReader } from "./answer_reader.ts";
import { parseInBandError } from "../openai_error.ts";
import { isRelayableChunk } from "./relay_rules.ts";

export function eventParser(quirks: Quirks): EventParser {
  const reader = answerReader(quirks);
  /** Set with the last beat: what an upstream says after its last word is not heard. */
  let over = false;

  function readFrame({ event, data }: Frame): Beat {
    const text = data.trim();
    if (text === "") return { events: [] };
    if (text === "[DONE]") return { events: reader.close(), last: true };
    const body = parseJson(text);
    if (!isObject(body)) return readText(data);
    // An error without its envelope: named by the event, or by vLLM's `object`.
    const isBare = (event === "error" || body.object === "error") && !body.error;
    if (isBare) return ending(reader.flush(), parseInBandError(body));

    const { events, exact } = reader.read(body, text);
    const last = events.at(-1);
    if (last?.type === "error") return ending([...events.slice(0, -1), ...reader.flush()], last.error);
    const head = reader.head();
    const isClean = exact && event === undefined && head !== undefined && isRelayableChunk(body, head);
    return isClean ? { events, raw: sseText({ data }) } : { events };
  }

  function readText(data: string): Beat {
    if (quirks.tolerant) return { events: reader.readText(data) };
    return ending(reader.flush(), upstreamError("upstream-malformed", data));
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
      return [...reader.flush(), { type: "error", error: upstreamError("upstream-cut", "") }];
    },
  };
}

function ending(events: ChatEvent[], error: GatewayError): Beat {
  return { events: [...events, { type: "error", error }], last: true };
}
