/** Beats as the stream of chunks that a client reads: one preamble, one end, counts if asked for, one `[DONE]`. */

import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import { flatMap } from "../../chat/lists.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { sseText } from "../../streaming/frame.ts";
import { choiceWriters } from "../choice_writers.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { chunkFrames } from "./chunk_frames.ts";
import { choiceWriter } from "./choice_writer.ts";
import { errorObject } from "../openai_error.ts";
import { frameRelay } from "./frame_relay.ts";
import { isLegacy } from "./legacy.ts";
import { type SaidEvent, untilFailure } from "../until_failure.ts";
import { formatUsage } from "./usage.ts";

/** Invisible to every client tested (DIALECTS.md §1.1). */
const COMMENT = ": keep-alive\n\n";
const DONE = sseText({ data: "[DONE]" });

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const frames = chunkFrames(request, options);
  const how = { legacy: isLegacy(request), tools: request.tools };
  const choices = choiceWriters((index) => choiceWriter(index, how));
  const counts = countWriter(request);
  const relay = frameRelay({ choices, counts, frames });
  let over = false;

  /** Takes note of an event, and writes it. */
  function write(event: SaidEvent): JsonObject[] {
    switch (event.type) {
      case "start":
        frames.start(event);
        return [];
      case "usage":
        counts.note(event.usage);
        return [];
      default:
        return choices.at(event.choice ?? 0).write(event);
    }
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [sseText({ data: JSON.stringify({ error: errorObject(error) }) })];
  }

  return {
    push({ events, raw }) {
      if (over) return [];
      const { said, failure } = untilFailure(events);
      const entries = flatMap(said, write);
      const written = raw !== undefined && frames.mirror() ? relay(raw, { said, entries }) : entries.map(frames.entry);
      return failure === undefined ? written : [...written, ...fail(failure)];
    },
    end() {
      if (over) return [];
      over = true;
      return [...choices.close().map(frames.entry), ...counts.close(frames.frame), DONE];
    },
    fail,
    ping() {
      if (over) return [];
      if (options.keepAlive === "comment" || choices.at(0).isFinished()) return [COMMENT];
      const role = choices.at(0).begin();
      return (role.length > 0 ? role : [{ index: 0, delta: { content: "" }, finish_reason: null }]).map(frames.entry);
    },
  };
}

/** The counts, which have their place after the end of all choices, for clients that asked (CASES O4, O5). */
function countWriter({ includeUsage }: ChatRequest) {
  let usage: Usage | undefined;
  /** The upstream's own chunk of them, if it may be relayed. */
  let frame: string | undefined;

  return {
    note(counts: Usage): void {
      usage = counts;
      frame = undefined;
    },
    keep(raw: string): void {
      frame = raw;
    },
    close(write: (members: JsonObject) => string): string[] {
      if (!includeUsage || usage === undefined) return [];
      return [frame ?? write({ choices: [], usage: formatUsage(usage) })];
    },
  };
}
