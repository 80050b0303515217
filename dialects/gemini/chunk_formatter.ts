/** Events as the chunks of an answer, in JSON: what the two forms of a stream have in common. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import type { FormatOptions } from "../dialect.ts";
import { jsonLine } from "../json_line.ts";
import { type CandidateWriter, candidateWriter } from "./candidate_writer.ts";
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
  const candidates: CandidateWriter[] = [];
  /** What all chunks of the stream have in common: the upstream's if its first one was relayed, else ours. */
  let head: Head | undefined;
  const ours: Head = { modelVersion: options.model, responseId: options.id };
  let upstream = { ...ours };
  let usage: Usage | undefined;
  let over = false;

  /** Candidates are told without gaps, even one that says nothing. */
  function at(index: number): CandidateWriter {
    while (candidates.length <= index) candidates.push(candidateWriter(request));
    return candidates[index]!;
  }

  function chunk(members: JsonObject): string {
    head ??= ours;
    return jsonLine({ ...members, ...head });
  }

  /** One chunk for all that is to be said now. */
  function say(events: readonly ChatEvent[]): string[] {
    const said = new Map<number, JsonObject[]>();
    for (const event of events) {
      const index = choiceOf(event);
      const parts = index === undefined ? [] : at(index).push(event);
      if (index !== undefined && parts.length > 0) said.set(index, [...said.get(index) ?? [], ...parts]);
    }
    if (said.size === 0) return [];
    return [chunk({ candidates: [...said].map(([index, parts]) => ({ content: { role: "model", parts }, index })) })];
  }

  function relay(raw: string, events: readonly ChatEvent[]): string[] {
    const choices = events.map(choiceOf).filter((index) => index !== undefined);
    // What comes after the end is dropped, whoever sent it (CASES O15).
    if (choices.length > 0 && choices.every((index) => at(index).isFinished())) return [];
    const isHolding = candidates.some((candidate) => candidate.isHolding());
    if (isHolding || (head !== undefined && head !== upstream)) return say(events);
    head = upstream;
    for (const event of events) {
      const index = choiceOf(event);
      if (index !== undefined) at(index).relayed(event);
    }
    over = isClosed() && candidates.length >= (request.n ?? 1);
    return [jsonOf(raw)];
  }

  /** Whether the end of every candidate was relayed. */
  function isClosed(): boolean {
    return candidates.length > 0 && candidates.every((candidate) => candidate.isClosed());
  }

  function end(): string[] {
    if (over) return [];
    over = true;
    at(0);
    const owed = candidates.flatMap((candidate, index) => candidate.isClosed() ? [] : [candidate.end(index)]);
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
      if (start !== undefined && head === undefined) {
        upstream = { modelVersion: start.model || options.model, responseId: start.id || options.id };
      }
      usage = told.findLast((event) => event.type === "usage")?.usage ?? usage;
      const written = raw !== undefined && failure === undefined ? relay(raw, told) : say(told);
      return failure === undefined ? written : [...written, ...fail(failure.error)];
    },
    end,
    fail,
    isOver: () => over,
  };
}

/** The candidate that an event is about; none for what concerns the whole answer. */
function choiceOf(event: ChatEvent): number | undefined {
  if (event.type === "start" || event.type === "usage" || event.type === "error") return undefined;
  return event.choice ?? 0;
}

/** The JSON of a relayed event: `data: {…}`, always in one line. */
function jsonOf(raw: string): string {
  return raw.slice("data: ".length, -"\n\n".length);
}
