/** An upstream's stream of chunks as beats. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import { GatewayError } from "../../chat/error.ts";
import { type Frame, sseText } from "../../streaming/frame.ts";
import type { EventParser, Quirks } from "../dialect.ts";
import { isObject, parseJson } from "../json.ts";
import { answerReader } from "./answer_reader.ts";
import { parseInBandError } from "./error.ts";
import { isRelayableChunk } from "./relay_rules.ts";

/** What the log keeps of a frame that cannot be read. */
const SNIPPET = 500;

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
    const error = new GatewayError("upstream-malformed", "Cannot answer as the provider's stream is not readable", {
      detail: data.slice(0, SNIPPET),
    });
    return ending(reader.flush(), error);
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
      const error = new GatewayError("upstream-cut", "Cannot answer in full as the provider's stream broke off");
      return [...reader.flush(), { type: "error", error }];
    },
  };
}

function ending(events: ChatEvent[], error: GatewayError): Beat {
  return { events: [...events, { type: "error", error }], last: true };
}
