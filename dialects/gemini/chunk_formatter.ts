/** Events as the chunks of an answer, in JSON: what the two forms of a stream have in common. */

import type { Beat, ChatEvent, StartEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import type { FormatOptions } from "../dialect.ts";
import { jsonLine } from "../json_line.ts";
import { answerCandidates } from "./candidates.ts";
import { errorBody } from "./error.ts";
import { formatUsage } from "./usage.ts";

type Head = { modelVersion: string; responseId: string };

/** Each string is the JSON of one chunk. */
export interface ChunkFormatter {
  push(beat: Beat): string[];
  end(): string[];
  fail(error: GatewayError): string[];
  /** Whether the last chunk is out. */
  isOver(): boolean;
}

/**
 * The chunks of an answer. Each has a part; the end of every candidate and the counts are in the last one, which is thus
 * held back until all was said (CASES G20). Chunks of an upstream of this dialect are relayed as long as none of ours
 * has something to say after them.
 */
export function chunkFormatter(request: ChatRequest, options: FormatOptions): ChunkFormatter {
  const candidates = answerCandidates(request);
  /** What all chunks of the stream have in common: the upstream's if its first one was relayed, else ours. */
  let head: Head | undefined;
  const ours: Head = { modelVersion: options.model, responseId: options.id };
  let upstream = { ...ours };
  let usage: Usage | undefined;
  let over = false;

  function chunk(members: JsonObject): string {
    head ??= ours;
    return jsonLine({ ...members, ...head });
  }

  /** One chunk for all that is to be said now. */
  function say(events: readonly ChatEvent[]): string[] {
    const said = candidates.say(events);
    return said.length === 0 ? [] : [chunk({ candidates: said })];
  }

  function relay(raw: string, events: readonly ChatEvent[]): string[] {
    // What comes after the end is dropped, whoever sent it (CASES O15).
    if (candidates.areLate(events)) return [];
    if (candidates.isHolding() || (head !== undefined && head !== upstream)) return say(events);
    head = upstream;
    candidates.relayed(events);
    over = candidates.areClosed(request.n ?? 1);
    return [jsonOf(raw)];
  }

  function end(): string[] {
    if (over) return [];
    over = true;
    const owed = candidates.end();
    if (owed.length === 0) return [];
    return [chunk({ candidates: owed, ...(usage !== undefined && { usageMetadata: formatUsage(usage) }) })];
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [JSON.stringify(errorBody(error))];
  }

  return {
    push({ events, raw }) {
      if (over) return [];
      const failure = events.find((event) => event.type === "error");
      const told = failure === undefined ? events : events.slice(0, events.indexOf(failure));
      const start = told.find((event) => event.type === "start");
      if (start !== undefined && head === undefined) upstream = headOf(start, ours);
      usage = told.findLast((event) => event.type === "usage")?.usage ?? usage;
      const written = raw !== undefined && failure === undefined ? relay(raw, told) : say(told);
      return failure === undefined ? written : [...written, ...fail(failure.error)];
    },
    end,
    fail,
    isOver: () => over,
  };
}

/** What the upstream says of itself, and where it says nothing, what we do. */
function headOf({ model, id }: StartEvent, ours: Head): Head {
  return { modelVersion: model || ours.modelVersion, responseId: id || ours.responseId };
}

/** The JSON of a relayed event: `data: {…}`, always in one line. */
function jsonOf(raw: string): string {
  return raw.slice("data: ".length, -"\n\n".length);
}
