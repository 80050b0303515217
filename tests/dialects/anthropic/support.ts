/** Short ways to say what a client asks and what an upstream answers. */

import type { Beat, ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import type { EventFormatter, FormatOptions, Target } from "../../../dialects/dialect.ts";
import { type AnthropicStream, checkAnthropicStream } from "../../support/anthropic_grammar.ts";
import { eventsOf, readStream } from "../../support/codec.ts";

export const OPTIONS: FormatOptions = { model: "claude-alias", id: "abc-123", created: 1000, keepAlive: "comment" };
export const TARGET: Target = { model: "claude-test", stream: true, facts: {}, quirks: { cacheMarks: false } };
export const PING = 'event: ping\ndata: {"type": "ping"}\n\n';

/** What `body` asks for; a model, a limit and a message are there if it names none. */
export function request(body: JsonObject = {}): ChatRequest {
  const whole = bodyOf(body);
  return anthropic.parseRequest(whole, { text: JSON.stringify(whole) });
}

export function bodyOf(body: JsonObject = {}): JsonObject {
  return { model: "claude-alias", max_tokens: 100, messages: [{ role: "user", content: "Hi" }], ...body };
}

/** The request of a client that speaks Chat Completions. */
export function foreignRequest(more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    ...{ model: "alias", messages: [{ role: "user", parts: [{ type: "text", text: "Hi" }] }] },
    ...{ stream: true, includeUsage: true, extra: {}, source: { dialect: "openai_chat", body: {} } },
    ...more,
  };
}

export function formatter(asked: ChatRequest = request({ stream: true })): EventFormatter {
  return anthropic.eventFormatter(asked, OPTIONS);
}

/** One event as a frame, as Anthropic sends it. */
export function frame(type: string, members: JsonObject = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

export function messageStart(message: JsonObject = {}): string {
  const usage = { input_tokens: 7, output_tokens: 1 };
  const head = { id: "msg_01", type: "message", role: "assistant", model: "claude-alias", content: [] };
  return frame("message_start", { message: { ...head, stop_reason: null, stop_sequence: null, usage, ...message } });
}

export const START = messageStart();
export const STOP = frame("message_stop");

export function blockStart(index: number, content_block: JsonObject): string {
  return frame("content_block_start", { index, content_block });
}
export function blockDelta(index: number, delta: JsonObject): string {
  return frame("content_block_delta", { index, delta });
}
export function blockStop(index: number): string {
  return frame("content_block_stop", { index });
}
export function end(stop_reason: string | null, usage: JsonObject = { input_tokens: 7, output_tokens: 5 }): string {
  return frame("message_delta", { delta: { stop_reason, stop_sequence: null }, usage });
}

export function textBlock(index: number, text: string): string[] {
  const delta = { type: "text_delta", text };
  return [blockStart(index, { type: "text", text: "" }), blockDelta(index, delta), blockStop(index)];
}
export function callBlock(index: number, id: string, ...json: string[]): string[] {
  const deltas = json.map((partial_json) => blockDelta(index, { type: "input_json_delta", partial_json }));
  return [blockStart(index, { type: "tool_use", id, name: "f", input: {} }), ...deltas, blockStop(index)];
}

export function beats(frames: readonly string[]): Beat[] {
  return readStream(anthropic, frames.join(""));
}

/** What the frames say, without the start and the counts. */
export function said(frames: readonly string[]): ChatEvent[] {
  return eventsOf(beats(frames)).filter(({ type }) => type !== "start" && type !== "usage");
}

/** What a client of this dialect is sent for the events of an upstream of another, each in a beat of its own. */
export function written(events: readonly ChatEvent[], asked?: ChatRequest): string[] {
  const writer = formatter(asked);
  return [...events.flatMap((event) => writer.push({ events: [event] })), ...writer.end()];
}

/** The same, read back by the strict reader. */
export function told(events: readonly ChatEvent[], asked?: ChatRequest): AnthropicStream {
  return checkAnthropicStream(written(events, asked));
}

export const start: ChatEvent = { type: "start", id: "chatcmpl-1", model: "upstream-model" };
export const text = (text: string): ChatEvent => ({ type: "text", text });
export const thought = (text: string, signature?: string): ChatEvent => ({
  type: "reasoning",
  text,
  ...(signature !== undefined && { signature }),
});
export const call = (index: number, name = `f${index}`): ChatEvent => ({
  type: "tool-call",
  index,
  id: `call_${index}`,
  name,
});
export const json = (index: number, json: string): ChatEvent => ({ type: "tool-arguments", index, json });
export const usage = (input: number, output: number): ChatEvent => ({ type: "usage", usage: { input, output } });
export const finish = (reason: "stop" | "length" | "tool-calls" | "content-filter" = "stop"): ChatEvent => ({
  type: "finish",
  reason,
});
