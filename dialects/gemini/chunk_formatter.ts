/** Events as the chunks of an answer, in JSON: what the two forms of a stream have in common. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import type { FormatOptions } from "../dialect.ts";
import { type CandidateWriter, candidateWriter } from "./candidate_writer.ts";
import { errorBody } from "./error.ts";
import { formatUsage } from "./usage.ts";

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
  const candidates = new Map<number, CandidateWriter>();
  let usage: Usage | undefined;
  let over = false;

  function at(index: number): CandidateWriter {
    const known = candidates.get(index);
    if (known !== undefined) return known;
    const writer = candidateWriter(request);
    candidates.set(index, writer);
    return writer;
  }

  function chunk(members: JsonObject): string {
    return JSON.stringify({ ...members, modelVersion: options.model, responseId: options.id });
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
    if ([...candidates.values()].some((candidate) => candidate.isHolding())) return say(events);
    for (const event of events) {
      const index = choiceOf(event);
      if (index !== undefined) at(index).relayed(event);
    }
    return [jsonOf(raw)];
  }

  function end(): string[] {
    if (over) return [];
    over = true;
    if (candidates.size === 0) at(0);
    const owed = [...candidates].filter(([, candidate]) => !candidate.isClosed())
      .map(([index, candidate]) => candidate.end(index));
    if (owed.length === 0) return [];
    return [chunk({ candidates: owed, ...(usage !== undefined && { usageMetadata: formatUsage(usage) }) })];
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    // An answer whose end was relayed is whole, whatever became of the connection.
    const isWhole = candidates.size > 0 && [...candidates.values()].every((candidate) => candidate.isClosed());
    return isWhole ? [] : [JSON.stringify(errorBody(error))];
  }

  return {
    push({ events, raw }) {
      if (over) return [];
      const failure = events.find((event) => event.type === "error");
      const told = failure === undefined ? events : events.slice(0, events.indexOf(failure));
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
