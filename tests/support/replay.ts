/** Recorded streams, read and written as the gateway does it, without a network. */

import { replyFolder } from "../../chat/reply_folder.ts";
import type { Reply } from "../../chat/reply.ts";
import type { ChatRequest } from "../../chat/request.ts";
import type { Dialect, FormatOptions, Quirks } from "../../dialects/dialect.ts";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import { drain, type Pull, pullFrom } from "../../streaming/pull.ts";
import { readBeats } from "../../streaming/read_beats.ts";
import { writeReply } from "../../streaming/write_reply.ts";
import type { Beat } from "../../chat/event.ts";

export const OPTIONS: FormatOptions = {
  model: "asked-model",
  id: "fixed",
  created: 1_760_000_000,
  keepAlive: "comment",
};

/** A request of a client of this dialect, as far as its answer depends on it. */
export function requestOf(dialect: Dialect, more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: "asked-model",
    messages: [{ role: "user", parts: [{ type: "text", text: "Hi" }] }],
    stream: true,
    includeUsage: true,
    // The one tool with free text for input that the recorded streams call.
    tools: [{ type: "custom", name: "apply_patch" }],
    extra: {},
    source: { dialect: dialect.name, body: {} },
    ...more,
  };
}

/** What the upstream's bytes, read in these pieces, say. */
export function readPieces(from: Dialect, pieces: readonly Uint8Array[], quirks: Quirks = {}): Pull<Beat[]> {
  return readBeats(pullFrom(pieces), frameDecoder(from.framing), from.eventParser(quirks));
}

/** What a client of `to` is sent for an upstream of `from`. */
export async function translate(from: Dialect, to: Dialect, pieces: readonly Uint8Array[]): Promise<string> {
  const beats = readPieces(from, pieces);
  const foreign: Pull<Beat[]> = {
    next: async () => (await beats.next())?.map(({ raw: _, ...beat }) => beat),
    cancel: (reason) => beats.cancel(reason),
  };
  const frames = writeReply(from === to ? beats : foreign, to.eventFormatter(requestOf(to), OPTIONS));
  return (await drain(frames)).flat().join("");
}

/** The answer that the bytes add up to; a failure leaves what was said before it. */
export async function collect(from: Dialect, bytes: Uint8Array): Promise<Reply> {
  const folder = replyFolder();
  const beats = readPieces(from, [bytes]);
  try {
    for (let batch = await beats.next(); batch !== undefined; batch = await beats.next()) {
      for (const { events } of batch) folder.push(events);
    }
  } catch {
    // The failure itself is other tests' subject.
  }
  return folder.reply();
}

export interface Fixture {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The recorded streams of one dialect. */
export function fixturesOf(folder: string): Fixture[] {
  const path = new URL(`../fixtures/${folder}/`, import.meta.url);
  return [...Deno.readDirSync(path)]
    .filter(({ name }) => /\.(sse|ndjson)$/.test(name))
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ name }) => ({ name: `${folder}/${name}`, bytes: Deno.readFileSync(new URL(name, path)) }));
}
