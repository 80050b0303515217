/** Beats as the stream of events that a client reads: one start, blocks one after the other, one end. */

import { type ChatEvent, isContent, type StartEvent } from "../../chat/event.ts";
import { estimateInput } from "../../chat/estimate_usage.ts";
import type { Finish } from "../../chat/finish.ts";
import type { GatewayError } from "../../chat/error.ts";
import type { JsonObject } from "../../chat/json.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Usage } from "../../chat/usage.ts";
import type { EventFormatter, FormatOptions } from "../dialect.ts";
import { isObject } from "../json.ts";
import { openBlocks } from "../open_blocks.ts";
import { untilFailure } from "../until_failure.ts";
import { asBlockEvents } from "./content_blocks.ts";
import { errorBody } from "./error.ts";
import { formatFinish } from "./finish.ts";
import { dataOf, frame, frameWriter } from "./frame_writer.ts";
import { messageHead } from "./message_head.ts";
import { hasCounts, isRelayableHead } from "./relay_rules.ts";
import { formatUsage } from "./usage.ts";

/** Native, and invisible to every client tested (DIALECTS.md §1.3); the space is Anthropic's. */
const PING = 'event: ping\ndata: {"type": "ping"}\n\n';
/** Milliseconds of silence after which a ping is not enough for Claude Code's watchdog (CASES V2). */
const LONG_SILENCE = 60_000;

export function eventFormatter(request: ChatRequest, options: FormatOptions): EventFormatter {
  const blocks = openBlocks();
  const writer = frameWriter();
  /** The upstream's frames go on as they are until one of them would not fit to what was written. */
  let relaying = true;
  let start: StartEvent | undefined;
  let usage: Usage | undefined;
  let finish: Finish | undefined;
  /** Whether counts came with the finish or after it: those are the last ones (CASES A3). */
  let isCounted = false;
  /** The last call that began: it may be open when we go on in our own words. */
  let call: ChatEvent | undefined;
  let over = false;

  function note(events: readonly ChatEvent[]): void {
    for (const event of events) {
      if (event.type === "start") start ??= event;
      if (event.type === "usage") usage = event.usage;
      if (event.type === "tool-call" && finish === undefined) call = event;
      if (event.type === "finish") finish ??= event;
    }
    isCounted ||= finish !== undefined && events.some(({ type }) => type === "usage");
  }

  function begin(): string[] {
    return writer.begin(() => messageHead(start?.id, options, startCounts()));
  }

  /** Nothing is put out yet: some clients add up what they are told here and at the end. */
  function startCounts(): JsonObject {
    const { reasoning: _, ...counts } = usage !== undefined && usage.input > 0 ? usage : estimate();
    return formatUsage({ ...counts, output: 0 });
  }

  function estimate(): Usage {
    return { input: estimateInput(request), output: 0 };
  }

  /** The upstream's frame, or `undefined` where it does not fit. */
  function relay(raw: string): string[] | undefined {
    if (!relaying || !writer.accepts(raw, { hasCalls: call !== undefined })) return undefined;
    if (raw.startsWith("event: message_stop\n")) over = true;
    return [raw.startsWith("event: message_start\n") ? withHead(raw) : raw];
  }

  /** The upstream's start in the name of the model that was asked for (CASES A12), with what it may lack (A4). */
  function withHead(raw: string): string {
    const data = dataOf(raw);
    const message = isObject(data.message) ? data.message : {};
    if (isRelayableHead(message) && message.model === options.model) return raw;
    const usage = hasCounts(message.usage) ? message.usage : startCounts();
    return frame("message_start", { ...data, message: { ...message, ...messageHead(message.id, options, usage) } });
  }

  /** From here on in our own words: where the upstream's own frames left a call open, its arguments go on. */
  function switchOver(opened: ChatEvent | undefined): void {
    if (!relaying) return;
    relaying = false;
    if (writer.openType() === "tool_use" && opened !== undefined) write([opened]);
  }

  function write(events: readonly ChatEvent[]): string[] {
    return events.flatMap((event) => asBlockEvents(event, request.tools)).flatMap(blocks.push).flatMap(writer.write);
  }

  function end(): string[] {
    if (over) return [];
    over = true;
    return [...begin(), ...blocks.end().flatMap(writer.write), ...writer.end(ending)];
  }

  function ending(): JsonObject {
    return {
      delta: formatFinish(finish, { hasCalls: call !== undefined }),
      usage: formatUsage(usage ?? estimate()),
    };
  }

  function fail(error: GatewayError): string[] {
    if (over) return [];
    // An answer that came to its end is whole, whatever happened to the connection then.
    if (finish !== undefined) return end();
    over = true;
    return [frame("error", errorBody(error, null))];
  }

  return {
    push(beat) {
      if (over) return [];
      const { said: events, failure } = untilFailure(beat.events.filter(isFirstChoice));
      const opened = call;
      const isFinished = finish !== undefined;
      note(events);
      const relayed = beat.raw === undefined ? undefined : relay(beat.raw);
      if (relayed !== undefined) return relayed;

      const said = isFinished ? [] : beforeFinish(events).filter(isSaid);
      if (said.length > 0) switchOver(opened);
      const isBegun = said.length > 0 || events.some(({ type }) => type === "start");
      const frames = isBegun ? [...begin(), ...write(said)] : [];
      if (failure !== undefined) return [...frames, ...fail(failure)];
      return isCounted ? [...frames, ...end()] : frames;
    },
    end,
    fail,
    ping(silence) {
      if (over) return [];
      if (silence < LONG_SILENCE || finish !== undefined) return [PING];
      const frames = [...begin(), ...writer.breathe()];
      return frames.length > 0 ? frames : [PING];
    },
  };
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
