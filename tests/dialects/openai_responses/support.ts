/** What the tests of OpenAI Responses share. */

import type { Beat, ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import type { FormatOptions } from "../../../dialects/dialect.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { eventsOf, readStream, writeStream } from "../../support/codec.ts";

export const OPTIONS: FormatOptions = { model: "alias", id: "abc", created: 1000, keepAlive: "comment" };

/** The neutral form of a body; the model and an input are there if it names none. */
export function request(body: JsonObject = {}): ChatRequest {
  const whole = { model: "alias", input: "Hi", ...body };
  return openaiResponses.parseRequest(whole, { text: JSON.stringify(whole) });
}

/** An upstream's event; `number` is its place in the stream. */
export function frame(type: string, number: number, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number, ...members })}\n\n`;
}

/** An upstream's events in their order. */
export function frames(...events: (readonly [type: string, members?: object])[]): string[] {
  return events.map(([type, members], at) => frame(type, at, members));
}

export const HEAD = {
  ...{ id: "resp_up", object: "response", created_at: 500, model: "upstream-model", status: "in_progress", output: [] },
  ...{ error: null, incomplete_details: null, instructions: null, metadata: {}, parallel_tool_calls: true },
  ...{ temperature: 1, tool_choice: "auto", tools: [], top_p: 1, usage: null },
};

export const CREATED = ["response.created", { response: HEAD }] as const;
export const IN_PROGRESS = ["response.in_progress", { response: HEAD }] as const;

export function completed(output: unknown[] = [], more: object = {}) {
  return ["response.completed", { response: { ...HEAD, status: "completed", output, ...more } }] as const;
}

export function beats(events: readonly string[]): Beat[] {
  return readStream(openaiResponses, events.join(""));
}

/** What the events say, without the start. */
export function said(events: readonly string[]): ChatEvent[] {
  return eventsOf(beats(events)).filter((event) => event.type !== "start");
}

/** The frames for events of an upstream of another dialect, each in a beat of its own. */
export function write(events: readonly ChatEvent[], asked: ChatRequest = request({ stream: true })): string[] {
  return writeStream(openaiResponses.eventFormatter(asked, OPTIONS), events.map((event) => ({ events: [event] })));
}

// deno-lint-ignore no-explicit-any -- the tests compare events with what they expect
export function eventOf(frame: string | undefined): any {
  return JSON.parse(frame?.slice(frame.indexOf("data: ") + "data: ".length) ?? "null");
}
