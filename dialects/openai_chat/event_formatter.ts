/** Beats as the stream of chunks that a client reads: one preamble, one end, counts if asked for, one `[DONE]`. */

import type { ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import { flatMap, joined } from "../../chat/lists.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import { sseText } from "../../streaming/frame.ts";
import { choiceWriters } from "../choice_writers.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { chunkFrames } from "./chunk_frames.ts";
import { choiceWriter } from "./choice_writer.ts";
import { errorObject } from "../openai_error.ts";
import { isLegacy } from "./legacy.ts";
import { isObject } from "../json.ts";
import { type SaidEvent, untilFailure } from "../until_failure.ts";
import { formatUsage } from "./usage.ts";

/** Invisible to every client tested (DIALECTS.md §1.1). */
const COMMENT = ": keep-alive\n\n";
const DONE = sseText({ data: "[DONE]" });
/** The member of a delta that opens a choice. */
const ROLE = /"role"\s*:/;

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const frames = chunkFrames(request, options);
  const how = { legacy: isLegacy(request), tools: request.tools };
  const choices = choiceWriters((index) => choiceWriter(index, how));
  const counts = countWriter(request);
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

  /** The upstream's own frame. Its entries were made, so that we know what is left to say if it breaks off. */
  function relay(raw: string, { said, entries }: { said: readonly SaidEvent[]; entries: JsonObject[] }): string[] {
    if (isCount(said)) {
      counts.keep(raw);
      return [];
    }
    // A frame that tells of no other choice is the first one's, be it its role alone.
    const first = said.some((event) => "choice" in event) ? [] : choices.at(0).begin();
    const roles = joined(first, entries.filter(hasRole));
    // The frame with the upstream's own role may have been one that could not be relayed (CASES O1).
    return roles.length === 0 || ROLE.test(raw) ? [raw] : [...roles.map(frames.entry), raw];
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

function hasRole({ delta }: JsonObject): boolean {
  return isObject(delta) && delta.role !== undefined;
}

function isCount(events: readonly ChatEvent[]): boolean {
  return events.some((event) => event.type === "usage") &&
    events.every((event) => event.type === "usage" || event.type === "start");
}
