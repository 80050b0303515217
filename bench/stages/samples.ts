/** What the stages are fed with: one conversation and one answer of 64 frames, in the words of every dialect. */

import type { Beat } from "../../chat/event.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect, FormatOptions, Target } from "../../dialects/dialect.ts";
import { gemini } from "../../dialects/gemini/mod.ts";
import { ollama } from "../../dialects/ollama/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiCompletions } from "../../dialects/openai_completions/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import type { Frame } from "../../streaming/frame.ts";
import { openai } from "../answers.ts";

export const DIALECTS: readonly Dialect[] = [
  ...[openaiChat, openaiCompletions, openaiResponses, anthropic, gemini, ollama],
];

const weather = {
  type: "object",
  properties: { city: { type: "string", description: "Its name" }, days: { type: "integer", minimum: 1 } },
  required: ["city"],
};

/** A conversation of some turns with tools, as agents have it. */
const conversation = {
  model: "bench/bench",
  messages: [
    { role: "system", content: "Answer in a few words. ".repeat(20) },
    { role: "user", content: "How is the weather in Bern?" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } }],
    },
    { role: "tool", tool_call_id: "call_1", content: "Sunny, 21 °C" },
    { role: "assistant", content: "It is sunny, at 21 °C." },
    { role: "user", content: "And what do streams carry? ".repeat(20) },
  ],
  tools: [{ type: "function", function: { name: "weather", description: "The weather", parameters: weather } }],
  temperature: 0.5,
  max_tokens: 1000,
  stream: true,
};

/** Completions know a prompt, and nothing else. */
const prompt = { model: "bench/bench", messages: [{ role: "user", content: "Once upon a time. " }], stream: true };

export const TARGET: Target = { model: "bench", stream: true, facts: {}, quirks: {} };
export const FORMAT: FormatOptions = {
  ...{ model: "bench/bench", id: "0123456789abcdef0123456789abcdef", created: 1_760_000_000, keepAlive: "comment" },
};

/** The conversation as a client of OpenAI asks it, with no more than the dialect can say. */
export function foreignTo(dialect: Dialect): ChatRequest {
  const source = dialect === openaiCompletions ? prompt : conversation;
  return openaiChat.parseRequest(source, { text: JSON.stringify(source) });
}

/** The same as a client of the dialect asks it. */
export interface Asked {
  text: string;
  request: ChatRequest;
}

export function askedIn(dialect: Dialect): Asked {
  const { body } = dialect.formatRequest(foreignTo(dialect), TARGET);
  const text = JSON.stringify({ ...body, model: "bench/bench" });
  return { text, request: parseText(dialect, text) };
}

export function parseText(dialect: Dialect, text: string): ChatRequest {
  // Gemini's clients tell both by the path.
  const route = dialect === gemini ? { model: "bench", verb: "streamGenerateContent", sse: true } : undefined;
  return dialect.parseRequest(JSON.parse(text), { text, ...(route !== undefined && { route }) });
}

/** The answer as an upstream of the dialect gives it. */
export interface Said {
  /** As they come off the wire. */
  texts: string[];
  frames: Frame[];
  /** With the frames' own text where a client of the same dialect may have it. */
  beats: Beat[];
  /** The whole answer of one that does not stream. */
  whole: string;
}

/** The answer in nobody's own words: what a client of another dialect is written. */
export const FOREIGN: readonly Beat[] = saidIn(openaiChat).beats.map(({ events }) => ({ events }));

export function saidIn(dialect: Dialect): Said {
  const texts = dialect === openaiChat ? openai.frames : formatted(dialect);
  const decoder = frameDecoder(dialect.framing);
  const frames = [...texts.flatMap((text) => decoder.push(text)), ...decoder.end()];
  const whole = dialect === openaiChat ? openai.whole : JSON.stringify(wholeIn(dialect));
  return { texts, frames, beats: parseFrames(dialect, frames), whole };
}

export function parseFrames(dialect: Dialect, frames: readonly Frame[]): Beat[] {
  const parser = dialect.eventParser({});
  return [...frames.map((frame) => parser.push(frame)), { events: parser.end() }];
}

function formatted(dialect: Dialect): string[] {
  const formatter = dialect.eventFormatter(askedIn(dialect).request, FORMAT);
  return [...FOREIGN.flatMap((beat) => formatter.push(beat)), ...formatter.end()];
}

function wholeIn(dialect: Dialect) {
  const folder = replyFolder();
  for (const { events } of FOREIGN) folder.push(events);
  return dialect.formatResponse(folder.reply(), askedIn(dialect).request, FORMAT);
}
