/** Short ways to say what a client asks and what an upstream answers. */

import type { Beat, ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { ChatRequest, Message } from "../../../chat/request.ts";
import type { FormatOptions, Target } from "../../../dialects/dialect.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { eventsOf, readStream, writeStream } from "../../support/codec.ts";
import { checkGeminiStream, type GeminiStream } from "../../support/gemini_grammar.ts";

export const CONTENTS = [{ role: "user", parts: [{ text: "Hi" }] }];
export const OPTIONS: FormatOptions = { model: "alias", id: "abc", created: 1000, keepAlive: "comment" };
export const ROUTE = { model: "gemini-2.5-flash", verb: "generateContent", sse: false };

export function target(model = "gemini-2.5-flash", facts: Target["facts"] = {}): Target {
  return { model, stream: true, facts, quirks: {} };
}

/** What `body` asks for; contents are there if it names none. */
export function request(body: JsonObject = {}, route: JsonObject = {}): ChatRequest {
  const whole = { contents: CONTENTS, ...body };
  return gemini.parseRequest(whole, { text: JSON.stringify(whole), route: { ...ROUTE, ...route } });
}

/** A client's request for a stream, in which it wants to see the thoughts. */
export function streamRequest(body: JsonObject = {}): ChatRequest {
  const generationConfig = { thinkingConfig: { includeThoughts: true } };
  return request({ generationConfig, ...body }, { verb: "streamGenerateContent", sse: true });
}

/** A request of a client of another dialect. */
export function foreignRequest(members: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: "alias",
    messages: [user("Hi")],
    stream: true,
    includeUsage: true,
    extra: {},
    source: { dialect: "openai_chat", body: {} },
    ...members,
  };
}

export function user(text: string): Message {
  return { role: "user", parts: [{ type: "text", text }] };
}

export function assistant(text: string): Message {
  return { role: "assistant", parts: [{ type: "text", text }] };
}

export function calling(...calls: { id: string; name: string; json?: string; signature?: string }[]): Message {
  return { role: "assistant", parts: calls.map((call) => ({ type: "tool-call", json: "{}", ...call })) };
}

export function result(callId: string, text: string): Message {
  return { role: "tool", callId, parts: [{ type: "text", text }] };
}

/** The contents that an upstream gets for a history. */
export function contentsOf(messages: Message[], model?: string): unknown {
  return gemini.formatRequest(foreignRequest({ messages }), target(model)).body.contents;
}

export function frame(value: unknown): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}

const HEAD = { modelVersion: "gemini-2.5-flash", responseId: "rid" };

/** A chunk with one candidate of these parts. */
export function chunk(parts: JsonObject[], finishReason?: string, members: JsonObject = {}): string {
  const candidate = { content: { parts, role: "model" }, ...(finishReason && { finishReason }), index: 0 };
  return frame({ candidates: [candidate], ...HEAD, ...members });
}

export function beats(frames: readonly string[]): Beat[] {
  return readStream(gemini, frames.join(""));
}

/** What the frames say, without the start. */
export function said(frames: readonly string[]): ChatEvent[] {
  return eventsOf(beats(frames)).filter((event) => event.type !== "start");
}

/** What a client gets for events, checked. */
export function written(events: ChatEvent[], asked: ChatRequest = streamRequest()): GeminiStream {
  return checkGeminiStream(writeStream(gemini.eventFormatter(asked, OPTIONS), [{ events }]));
}
