/** Every dialect that is spoken and served, with its recorded streams and the grammar of its clients. */

import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { gemini } from "../../dialects/gemini/mod.ts";
import { ollama } from "../../dialects/ollama/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";
import { checkAnthropicStream } from "./anthropic_grammar.ts";
import { checkGeminiStream } from "./gemini_grammar.ts";
import { checkOllamaStream } from "./ollama_grammar.ts";
import { checkOpenaiChatStream } from "./openai_chat_grammar.ts";
import { checkOpenaiResponsesStream } from "./openai_responses_grammar.ts";

export interface DialectUnderTest {
  dialect: Dialect;
  /** Checks the whole stream that a client of this dialect was sent. @throws {AssertionError} */
  check(text: string, options?: { n?: number }): { text: string };
}

export const DIALECTS: readonly DialectUnderTest[] = [
  {
    dialect: openaiChat,
    // A stream that failed owes no counts, and one whose upstream gave none is completed by the gateway.
    check: (text, { n = 1 } = {}) => checkOpenaiChatStream(text, { includeUsage: /"usage":\{/.test(text), n }),
  },
  { dialect: openaiResponses, check: (text) => checkOpenaiResponsesStream(text) },
  { dialect: anthropic, check: (text) => checkAnthropicStream(text) },
  { dialect: gemini, check: (text, options) => checkGeminiStream(text, options) },
  { dialect: ollama, check: (text) => checkOllamaStream(text, { route: "chat" }) },
];
