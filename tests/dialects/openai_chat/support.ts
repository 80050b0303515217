/** Short ways to say what a client asks and what an upstream answers. */

import type { JsonObject } from "../../../chat/json.ts";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import type { FormatOptions, Quirks, Target } from "../../../dialects/dialect.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { eventsOf, readStream } from "../../support/codec.ts";

export const USER = { role: "user", content: "Hi" };
export const OPTIONS: FormatOptions = { model: "alias", id: "abc", created: 1000, keepAlive: "comment" };
export const TARGET: Target = { model: "upstream-model", stream: true, facts: {}, quirks: {} };

/** What `body` asks for; a model and a message are there if it names none. */
export function request(body: JsonObject = {}): ChatRequest {
  const { source: { parsed: _, ...source }, ...asked } = untouched(body);
  // As if a stage had altered every message and tool: all is written anew.
  return { ...asked, source };
}

/** The same, of which a stage may still leave the one message as it is, and alter the other. */
export function untouched(body: JsonObject = {}): ChatRequest {
  const whole = { model: "alias", messages: [USER], ...body };
  return openaiChat.parseRequest(whole, { text: JSON.stringify(whole) });
}

/** A request of a client that asked for a stream. */
export function streamRequest({ includeUsage = false, ...body }: JsonObject & { includeUsage?: boolean } = {}) {
  return request({ stream: true, stream_options: { include_usage: includeUsage }, ...body });
}

const HEAD = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 500, model: "upstream-model" };

export function frame(value: unknown): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}

/** A chunk with these members beside its head. */
export function chunkOf(members: object): string {
  return frame({ ...HEAD, ...members });
}

export function chunk(delta: object, finish: string | null = null, choice: object = {}): string {
  return chunkOf({ choices: [{ index: 0, delta, finish_reason: finish, ...choice }] });
}

export const ROLE = chunk({ role: "assistant", content: "" });
export const STOP = chunk({}, "stop");
export const DONE = frame("[DONE]");
export const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
export const COUNTS = chunkOf({ choices: [], usage: USAGE });

export function beats(frames: readonly string[], quirks: Quirks = {}): Beat[] {
  return readStream(openaiChat, frames.join(""), quirks);
}

/** What the frames say, without the start. */
export function said(frames: readonly string[], quirks: Quirks = {}): ChatEvent[] {
  return eventsOf(beats(frames, quirks)).filter((event) => event.type !== "start");
}

/** For each frame, whether it may be relayed. */
export function relayed(frames: readonly string[], quirks: Quirks = {}): boolean[] {
  const all = beats(frames, quirks);
  return frames.map((text, at) => all[at]?.raw === text);
}
