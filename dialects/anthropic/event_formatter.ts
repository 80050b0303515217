/** Beats as the stream of events that a client reads: one start, blocks one after the other, one end. */

import { type Beat, type ChatEvent, isContent } from "../../chat/event.ts";
import type { GatewayError } from "../../chat/error.ts";
import { filter } from "../../chat/lists.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { untilFailure } from "../until_failure.ts";
import { answerNotes } from "./answer_notes.ts";
import { answerWriter } from "./answer_writer.ts";
import { errorBody } from "./error.ts";
import { foundPages } from "./found_pages.ts";
import { frame } from "./frames.ts";

/** Native, and invisible to every client tested (DIALECTS.md §1.3); the space is Anthropic's. */
const PING = 'event: ping\ndata: {"type": "ping"}\n\n';
/** Milliseconds of silence after which a ping is not enough for Claude Code's watchdog (CASES V2). */
const LONG_SILENCE = 60_000;

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const notes = answerNotes(request);
  const answer = answerWriter({ ...options, notes, tools: request.tools });
  const found = foundPages(request, options.id);
  let over = false;

  function push(beat: Beat): string[] {
    if (over) return [];
    const { said: events, failure } = untilFailure(filter(beat.events, isFirstChoice));
    const opened = notes.call();
    const isLate = notes.isFinished();
    notes.hear(events);
    found.hear(events);
    const relayed = beat.raw === undefined ? undefined : answer.relay(beat.raw);
    over = answer.isStopped();
    if (relayed !== undefined) return relayed;

    const said = isLate ? [] : filter(beforeFinish(events), isSaid);
    const isBegun = said.length > 0 || events.some(({ type }) => type === "start");
    const frames = isBegun ? answer.write(said, opened) : [];
    if (failure !== undefined) return [...frames, ...fail(failure)];
    return notes.isCounted() ? [...frames, ...end()] : frames;
  }

  function end(): string[] {
    if (over) return [];
    over = true;
    const pages = found.blocks();
    return pages.length === 0 ? answer.end() : [...answer.write(pages, notes.call()), ...answer.end()];
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    over = true;
    return [frame("error", errorBody(error, null))];
  }

  function ping(silence: number): string[] {
    if (over) return [];
    const frames = silence < LONG_SILENCE || notes.isFinished() ? [] : answer.breathe();
    return frames.length > 0 ? frames : [PING];
  }

  return { push, end, fail, ping };
}

/** Messages gives one answer. */
function isFirstChoice(event: ChatEvent): boolean {
  return !("choice" in event) || event.choice === undefined || event.choice === 0;
}

/** What comes behind the end is dropped (CASES O15). */
function beforeFinish(events: readonly ChatEvent[]): readonly ChatEvent[] {
  const end = events.findIndex(({ type }) => type === "finish");
  return end === -1 ? events : events.slice(0, end);
}

function isSaid(event: ChatEvent): boolean {
  return isContent(event) || event.type === "annotation";
}
