/** Runs the two halves of a dialect over the bytes of a stream, as the gateway does. */

import type { Beat, ChatEvent } from "../../chat/event.ts";
import type { Reply } from "../../chat/reply.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import type { Dialect, Quirks } from "../../dialects/dialect.ts";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import type { EventFormatter } from "../../streaming/write_reply.ts";

/** What a stream says, its end included. */
export function readStream(dialect: Dialect, text: string, quirks: Quirks = {}): Beat[] {
  const decoder = frameDecoder(dialect.framing, { tolerant: quirks.tolerant ?? false });
  const parser = dialect.eventParser(quirks);
  const beats: Beat[] = [];
  for (const frame of [...decoder.push(text), ...decoder.end()]) {
    beats.push(parser.push(frame));
    if (beats.at(-1)?.last) return beats;
  }
  return [...beats, { events: parser.end() }];
}

export function eventsOf(beats: readonly Beat[]): ChatEvent[] {
  return beats.flatMap((beat) => beat.events);
}

/** The beats without the frames they came in: what an upstream of another dialect gives. */
export function foreign(beats: readonly Beat[]): Beat[] {
  return beats.map(({ raw: _, ...beat }) => beat);
}

/** What a client gets for the beats: its frames, to the end. */
export function writeStream(formatter: EventFormatter, beats: readonly Beat[]): string[] {
  return [...beats.flatMap((beat) => formatter.push(beat)), ...formatter.end()];
}

export function foldEvents(events: readonly ChatEvent[]): Reply {
  const folder = replyFolder();
  folder.push(events);
  return folder.reply();
}

/** The text of a recorded stream. */
export function fixture(path: string): string {
  return Deno.readTextFileSync(new URL(`../fixtures/${path}`, import.meta.url));
}
