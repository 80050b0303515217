/** A client's body as a neutral request: `/api/chat`, and `/api/generate`, whose prompt is one user message. */

import type { Json, JsonObject } from "../../chat/json.ts";
import type { ChatRequest, OutputFormat } from "../../chat/request.ts";
import { fieldError } from "../field_error.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { lazy } from "../lazy.ts";
import { parseOptions } from "./options.ts";
import { contentParts, parseMessages, textParts } from "./parse_messages.ts";
import { type ChatBody, chatSchema, type GenerateBody, generateSchema } from "./schema.ts";
import { parseThink } from "./think.ts";
import { parseTool } from "./tools.ts";

export function parseChat(body: unknown, { text }: { text: string }): ChatRequest {
  const parsed = chatSchema().safeParse(body);
  // `isObject` says to the compiler what the schema has checked.
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], body);
  const { data } = parsed;
  return {
    ...parseShared(data),
    messages: parseMessages(data.messages ?? []),
    ...given({ tools: data.tools?.map(parseTool) }),
    extra: parseExtra(body, data, chatFields()),
    source: { dialect: "ollama", body, text },
  };
}

export function parseGenerate(body: unknown, { text }: { text: string }): ChatRequest {
  const parsed = generateSchema().safeParse(body);
  if (!parsed.success || !isObject(body)) throw fieldError(parsed.error?.issues ?? [], body);
  const { data } = parsed;
  const prompt = contentParts({ content: data.prompt, images: data.images });
  const system = textParts(data.system);
  return {
    ...parseShared(data),
    // A system text alone asks for nothing: with no prompt the model is only loaded.
    messages: prompt.length === 0 ? [] : [
      ...(system.length > 0 ? [{ role: "system" as const, parts: system }] : []),
      { role: "user", parts: prompt },
    ],
    extra: parseExtra(body, data, generateFields()),
    source: { dialect: "ollama_generate", body, text },
  };
}

const chatFields = lazy((): ReadonlySet<string> => new Set(Object.keys(chatSchema().shape)));
const generateFields = lazy((): ReadonlySet<string> => new Set(Object.keys(generateSchema().shape)));

type SharedBody = ChatBody | GenerateBody;

function parseShared(data: SharedBody) {
  return {
    model: data.model,
    stream: data.stream ?? true,
    includeUsage: true,
    ...parseOptions(data.options).sampling,
    ...given({
      reasoning: parseThink(data.think),
      output: parseFormat(data.format),
      logprobs: data.logprobs,
      topLogprobs: data.top_logprobs,
    }),
  };
}

function parseFormat(format: SharedBody["format"]): OutputFormat | undefined {
  if (!format) return undefined;
  return format === "json" ? { type: "json" } : { type: "schema", schema: format };
}

/** Fields without a place of their own, and those of the options. */
function parseExtra(body: JsonObject, { options }: SharedBody, known: ReadonlySet<string>): JsonObject {
  const extra = Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, Json] => !known.has(entry[0])),
  );
  const { rest } = parseOptions(options);
  return Object.keys(rest).length === 0 ? extra : { ...extra, options: rest };
}
