/** Every form in which an answer is streamed to a client, with its grammar, and what of an answer it can say. */

import type { ChatEvent } from "../../chat/event.ts";
import type { ChatRequest } from "../../chat/request.ts";
import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { gemini, geminiArray } from "../../dialects/gemini/mod.ts";
import { ollama, ollamaGenerate } from "../../dialects/ollama/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiCompletions } from "../../dialects/openai_completions/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";
import { checkAnthropicStream } from "./anthropic_grammar.ts";
import { checkGeminiArray, checkGeminiStream } from "./gemini_grammar.ts";
import { checkOllamaStream } from "./ollama_grammar.ts";
import { checkOpenaiChatStream } from "./openai_chat_grammar.ts";
import { checkOpenaiCompletionsStream } from "./openai_completions_grammar.ts";
import { checkOpenaiResponsesStream } from "./openai_responses_grammar.ts";

/** What a client of any form reads in a stream. */
export interface Seen {
  /** With gaps where a choice never began. */
  choices: { text: string; calls: { name: string; json: string }[] }[];
  failed: boolean;
}

export interface Expected {
  /** How many choices there are. */
  n: number;
  /** Whether the client asked for counts, and there are some. */
  includeUsage: boolean;
  /** Whether frames of an upstream are among ours. */
  relayed?: boolean;
}

export interface ClientForm {
  name: string;
  dialect: Dialect;
  /** What makes a request one of this form. */
  request?: Partial<ChatRequest>;
  /** Whether all choices are told, or the first alone. */
  tellsAll: boolean;
  /** The text that an event is told as; nothing where it is told in another way, or not at all. */
  textOf(event: ChatEvent): string;
  /** Whether calls are told. */
  tellsCalls: boolean;
  /** Whether their arguments are told piece by piece, as they come. */
  tellsArguments?: boolean;
  /** Checks the frames of a whole stream. @throws {AssertionError} */
  read(frames: readonly string[], expected: Expected): Seen;
}

type Choice = Seen["choices"][number];

const CHAT = {
  dialect: openaiChat,
  tellsAll: true,
  tellsCalls: true,
  tellsArguments: true,
  textOf: (event: ChatEvent) => event.type === "text" ? event.text : "",
};

export const CLIENT_FORMS: readonly ClientForm[] = [
  {
    ...CHAT,
    name: "openai_chat",
    read(frames, expected) {
      const { choices, error } = checkOpenaiChatStream(frames, expected);
      return { choices: choices.map(chatChoice), failed: error !== undefined };
    },
  },
  {
    ...CHAT,
    name: "openai_chat, with functions",
    request: { source: { dialect: "openai_chat", body: { functions: [] } } },
    tellsCalls: false,
    read(frames, expected) {
      const { choices, error } = checkOpenaiChatStream(frames, { ...expected, legacy: true });
      return { choices: choices.map(chatChoice), failed: error !== undefined };
    },
  },
  {
    name: "openai_completions",
    dialect: openaiCompletions,
    tellsAll: true,
    tellsCalls: false,
    textOf: textAndRefusal,
    read(frames, expected) {
      const { choices, error } = checkOpenaiCompletionsStream(frames, expected);
      return { choices: choices.map(({ text }) => ({ text, calls: [] })), failed: error !== undefined };
    },
  },
  {
    name: "openai_responses",
    dialect: openaiResponses,
    tellsAll: false,
    tellsCalls: true,
    textOf: (event) => event.type === "text" ? event.text : "",
    read(frames, { relayed = false }) {
      const { text, toolCalls, error } = checkOpenaiResponsesStream(frames, { relayed });
      return { choices: [{ text, calls: toolCalls.map(callOf) }], failed: error !== undefined };
    },
  },
  {
    name: "anthropic",
    dialect: anthropic,
    tellsAll: false,
    tellsCalls: true,
    tellsArguments: true,
    textOf(event) {
      if (event.type !== "media" || !event.mediaType.startsWith("image/")) return textAndRefusal(event);
      return `![image](data:${event.mediaType};base64,${event.data})`;
    },
    read(frames) {
      const { text, toolCalls, error } = checkAnthropicStream(frames);
      return { choices: [{ text, calls: toolCalls.map(callOf) }], failed: error !== undefined };
    },
  },
  ...[gemini, geminiArray].map((dialect): ClientForm => ({
    name: dialect === gemini ? "gemini" : "gemini, as an array",
    dialect,
    tellsAll: true,
    tellsCalls: true,
    textOf: textAndRefusal,
    read(frames, { n }) {
      const { candidates, error } = (dialect === gemini ? checkGeminiStream : checkGeminiArray)(frames, { n });
      const choices = candidates.map(({ text, toolCalls }) => ({ text, calls: toolCalls.map(callOf) }));
      return { choices, failed: error !== undefined };
    },
  })),
  ...[ollama, ollamaGenerate].map((dialect): ClientForm => ({
    name: dialect.name,
    dialect,
    tellsAll: false,
    tellsCalls: true,
    textOf: textAndRefusal,
    read(frames) {
      const route = dialect === ollama ? "chat" : "generate";
      const { text, toolCalls, error } = checkOllamaStream(frames, { route });
      const calls = toolCalls.map((call) => ({ name: call.name, json: JSON.stringify(call.arguments) }));
      return { choices: [{ text, calls }], failed: error !== undefined };
    },
  })),
];

function textAndRefusal(event: ChatEvent): string {
  return event.type === "text" || event.type === "refusal" ? event.text : "";
}

function chatChoice({ text, toolCalls }: { text: string; toolCalls: { name: string; arguments: string }[] }): Choice {
  return { text, calls: toolCalls.map(callOf) };
}

function callOf({ name, arguments: json }: { name: string; arguments: string }): { name: string; json: string } {
  return { name, json };
}
