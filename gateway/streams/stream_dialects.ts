/** The dialect of a stream that is kept: Gemini's has two forms, which only their type tells apart. */

import { anthropic } from "../../dialects/anthropic/mod.ts";
import type { Dialect } from "../../dialects/dialect.ts";
import { gemini, geminiArray } from "../../dialects/gemini/mod.ts";
import { ollama, ollamaGenerate } from "../../dialects/ollama/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiCompletions } from "../../dialects/openai_completions/mod.ts";
import { openaiResponses } from "../../dialects/openai_responses/mod.ts";
import type { StreamHead } from "../../records/stream_log.ts";

const SERVED = [
  openaiChat,
  openaiCompletions,
  openaiResponses,
  anthropic,
  gemini,
  geminiArray,
  ollama,
  ollamaGenerate,
] as const satisfies readonly Dialect[];

export function dialectOfStream({ dialect: name, contentType }: Pick<StreamHead, "dialect" | "contentType">): Dialect {
  return SERVED.find((dialect) => dialect.name === name && dialect.streamType === contentType) ?? openaiChat;
}
