/** How a client of each dialect asks, and how strictly it reads what it is told. */

import type Anthropic from "@anthropic-ai/sdk";
import type { GenerateContentResponse } from "@google/genai";
import type { ChatResponse } from "ollama";
import type OpenAI from "openai";
import type { VendorDialect } from "../matrix/vendor.ts";
import { checkAnthropicStream } from "../support/anthropic_grammar.ts";
import { checkGeminiStream } from "../support/gemini_grammar.ts";
import { checkOllamaStream } from "../support/ollama_grammar.ts";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { checkOpenaiResponsesStream } from "../support/openai_responses_grammar.ts";

export interface Question {
  model: string;
  prompt: string;
  stream: boolean;
  hasTools: boolean;
}

/** What a client made of an answer. */
export interface Heard {
  text: string;
  /** The arguments of each call, as JSON text. */
  calls: string[];
  /** Output tokens; `undefined` where none were told. */
  tokens: number | undefined;
  /** It ended with an error of the dialect. */
  failed: boolean;
}

export interface Speech {
  path(question: Question): string;
  body(question: Question): Record<string, unknown>;
  /** Reads a whole stream by the dialect's grammar. @throws {AssertionError} */
  readStream(text: string): Heard;
  /** Reads an answer in one piece, which is no error. @throws {Error} where it is none of the dialect */
  readWhole(body: unknown): Heard;
  /** The frames of a stream, the last of which may be half a frame. */
  frames: RegExp;
}

const SCHEMA = { type: "object", properties: { words: { type: "string" } }, required: ["words"] };
const TOOL = { name: "note", description: "Notes words", parameters: SCHEMA };

/** The API's own words for types are in upper case. */
const GEMINI_SCHEMA = { type: "OBJECT", properties: { words: { type: "STRING" } }, required: ["words"] };

const BLOCKS = /[^]+?\n\n/g;
const LINES = /[^\n]*\n/g;

const messagesOf = ({ prompt }: Question) => [{ role: "user", content: prompt }];

export const SPEECHES = {
  openai_chat: {
    path: () => "/v1/chat/completions",
    body: (question) => ({
      model: question.model,
      messages: messagesOf(question),
      ...(question.stream && { stream: true, stream_options: { include_usage: true } }),
      ...(question.hasTools && { tools: [{ type: "function", function: TOOL }] }),
    }),
    readStream(text) {
      const { error, usage, ...said } = checkOpenaiChatStream(text, { includeUsage: true });
      return { ...heard(said, usage?.completion_tokens), failed: error !== undefined };
    },
    readWhole(body) {
      const { choices: [choice], usage } = body as OpenAI.ChatCompletion;
      const { content, tool_calls = [] } = choice!.message;
      const calls = tool_calls.map((call) => call.type === "function" ? call.function.arguments : "");
      return { text: content ?? "", calls, tokens: usage?.completion_tokens, failed: false };
    },
    frames: BLOCKS,
  },
  openai_responses: {
    path: () => "/v1/responses",
    body: ({ model, prompt: input, stream, hasTools }) => ({
      ...{ model, input, stream, store: false },
      ...(hasTools && { tools: [{ type: "function", strict: false, ...TOOL }] }),
    }),
    readStream(text) {
      const { error, usage, ...said } = checkOpenaiResponsesStream(text, { relayed: true });
      return { ...heard(said, usage?.output_tokens), failed: error !== undefined };
    },
    readWhole(body) {
      const { output, usage } = body as OpenAI.Responses.Response;
      const parts = output.flatMap((item) => item.type === "message" ? item.content : []);
      return {
        text: parts.map((part) => part.type === "output_text" ? part.text : "").join(""),
        calls: output.flatMap((item) => item.type === "function_call" ? [item.arguments] : []),
        tokens: usage?.output_tokens,
        failed: false,
      };
    },
    frames: BLOCKS,
  },
  anthropic: {
    path: () => "/v1/messages",
    body: (question) => ({
      ...{ model: question.model, max_tokens: 4000, messages: messagesOf(question), stream: question.stream },
      ...(question.hasTools && { tools: [{ name: TOOL.name, input_schema: SCHEMA }] }),
    }),
    readStream(text) {
      const { error, usage, ...said } = checkAnthropicStream(text);
      return { ...heard(said, usage?.output_tokens), failed: error !== undefined };
    },
    readWhole(body) {
      const { content, usage } = body as Anthropic.Message;
      return {
        text: content.map((block) => block.type === "text" ? block.text : "").join(""),
        calls: content.flatMap((block) => block.type === "tool_use" ? [JSON.stringify(block.input)] : []),
        tokens: usage.output_tokens,
        failed: false,
      };
    },
    frames: BLOCKS,
  },
  gemini: {
    path: ({ model, stream }) =>
      `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: ({ prompt, hasTools }) => ({
      contents: [{ role: "user", parts: [{ text: prompt }] }],
      ...(hasTools && { tools: [{ functionDeclarations: [{ ...TOOL, parameters: GEMINI_SCHEMA }] }] }),
    }),
    readStream(text) {
      const { error, usage, ...said } = checkGeminiStream(text);
      return { ...heard(said, usage?.candidatesTokenCount), failed: error !== undefined };
    },
    readWhole(body) {
      const { candidates = [], usageMetadata: usage } = body as GenerateContentResponse;
      const parts = candidates[0]?.content?.parts ?? [];
      return {
        text: parts.map((part) => part.text ?? "").join(""),
        calls: parts.flatMap(({ functionCall }) => functionCall ? [JSON.stringify(functionCall.args)] : []),
        tokens: usage?.candidatesTokenCount,
        failed: false,
      };
    },
    frames: BLOCKS,
  },
  ollama: {
    path: () => "/api/chat",
    body: (question) => ({
      ...{ model: question.model, messages: messagesOf(question), stream: question.stream },
      ...(question.hasTools && { tools: [{ type: "function", function: TOOL }] }),
    }),
    readStream(text) {
      const { error, usage, toolCalls, text: said } = checkOllamaStream(text, { route: "chat" });
      const calls = toolCalls.map((call) => JSON.stringify(call.arguments));
      return { text: said, calls, tokens: usage.eval_count, failed: error !== undefined };
    },
    readWhole(body) {
      const { message: { content, tool_calls: calls = [] }, eval_count: tokens } = body as ChatResponse;
      return {
        text: content,
        calls: calls.map((call) => JSON.stringify(call.function.arguments)),
        tokens,
        failed: false,
      };
    },
    frames: LINES,
  },
} as const satisfies Record<VendorDialect, Speech>;

interface Said {
  text: string;
  toolCalls: readonly { arguments: string }[];
}

function heard({ text, toolCalls }: Said, tokens: unknown): Omit<Heard, "failed"> {
  const calls = toolCalls.map((call) => call.arguments);
  return { text, calls, tokens: typeof tokens === "number" ? tokens : undefined };
}
