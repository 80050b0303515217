/** The frames of one answer: the upstream's own as long as they fit to what was written, then ours. */

import type { ChatEvent } from "../../chat/event.ts";
import type { JsonObject } from "../../chat/json.ts";
import { flatMap } from "../../chat/lists.ts";
import type { Tool } from "../../chat/request.ts";
import type { FormatOptions } from "../dialect.ts";
import { isObject } from "../json.ts";
import { openBlocks } from "../open_blocks.ts";
import type { AnswerNotes } from "./answer_notes.ts";
import { asBlockEvents } from "./content_blocks.ts";
import { frameWriter } from "./frame_writer.ts";
import { dataOf, frame } from "./frames.ts";
import { messageHead } from "./message_head.ts";
import { hasCounts, isRelayableHead } from "./relay_rules.ts";

export interface AnswerWriter {
  /** The upstream's frame, or `undefined` where it does not fit. */
  relay(raw: string): string[] | undefined;
  /** The head, unless it was written, and content in our own words. `opened` is the last call of the frames before. */
  write(events: readonly ChatEvent[], opened: ChatEvent | undefined): string[];
  /** A sign of life within the content; none where the open block takes none. */
  breathe(): string[];
  /** All that is missing. */
  end(): string[];
  isStopped(): boolean;
}

export interface AnswerWriterOptions extends FormatOptions {
  notes: AnswerNotes;
  tools: readonly Tool[] | undefined;
}

export function answerWriter(options: AnswerWriterOptions): AnswerWriter {
  const { notes, tools } = options;
  const blocks = openBlocks();
  const writer = frameWriter();
  /** Until a frame of the upstream's does not fit. */
  let relaying = true;

  function begin(): string[] {
    return writer.begin(() => messageHead(notes.id(), options, notes.startCounts()));
  }

  function writeContent(events: readonly ChatEvent[]): string[] {
    return flatMap(flatMap(flatMap(events, (event) => asBlockEvents(event, tools)), blocks.push), writer.write);
  }

  /** From here on in our own words: where the upstream's own frames left a call open, its arguments go on. */
  function switchOver(opened: ChatEvent | undefined): void {
    if (!relaying) return;
    relaying = false;
    if (writer.openType() === "tool_use" && opened !== undefined) writeContent([opened]);
  }

  return {
    relay(raw) {
      if (!relaying || !writer.accepts(raw, { hasCalls: notes.call() !== undefined })) return undefined;
      return [raw.startsWith("event: message_start\n") ? withHead(raw, options) : raw];
    },
    write(events, opened) {
      if (events.length > 0) switchOver(opened);
      return [...begin(), ...writeContent(events)];
    },
    breathe: () => [...begin(), ...writer.breathe()],
    end: () => [...begin(), ...blocks.end().flatMap(writer.write), ...writer.end(notes.ending)],
    isStopped: writer.isStopped,
  };
}

/** The upstream's start in the name of the model that was asked for (CASES A12), with what it may lack (A4). */
function withHead(raw: string, options: AnswerWriterOptions): string {
  const data: JsonObject = dataOf(raw);
  const message = isObject(data.message) ? data.message : {};
  if (isRelayableHead(message) && message.model === options.model) return raw;
  const usage = hasCounts(message.usage) ? message.usage : options.notes.startCounts();
  return frame("message_start", { ...data, message: { ...message, ...messageHead(message.id, options, usage) } });
}
