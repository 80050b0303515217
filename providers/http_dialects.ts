/** What an HTTP client must know of a dialect beyond its codec: its URLs and headers, and all that is no answer. */

import type { ModelFacts } from "../chat/model.ts";
import { anthropic } from "../dialects/anthropic/mod.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { EmbeddingCodec } from "../dialects/embeddings/codec.ts";
import { geminiEmbeddings } from "../dialects/embeddings/gemini.ts";
import { ollamaEmbeddings } from "../dialects/embeddings/ollama.ts";
import { openaiEmbeddings } from "../dialects/embeddings/openai.ts";
import { gemini } from "../dialects/gemini/mod.ts";
import { geminiModelName } from "../dialects/gemini_model_name.ts";
import { ollama } from "../dialects/ollama/mod.ts";
import { openaiChat } from "../dialects/openai_chat/mod.ts";
import { openaiResponses } from "../dialects/openai_responses/mod.ts";
import { anthropicCounting, geminiCounting, type HttpCounting } from "./http_counting.ts";
import type { UpstreamModel } from "./provider.ts";

export interface HttpDialect {
  dialect: Dialect;
  /**
   * The version segment of the dialect's paths, put behind an endpoint that does not end with one: people write base URLs
   * both ways. `undefined` where the endpoint is taken as it is: compatible vendors have their own (`/api/paas/v4`).
   */
  version?: string;
  /** The path of an answer. */
  answerPath(model: string, stream: boolean): string;
  /** The path of the model list. */
  modelsPath: string;
  /** Reads the model list; entries that are not understood are left out. */
  parseModels(body: unknown): UpstreamModel[];
  /** Headers the dialect always wants. */
  headers: Readonly<Record<string, string>>;
  /** Absent where the dialect has no route that counts tokens. */
  counting?: HttpCounting & { path(model: string): string };
  /** Absent where the dialect has no embeddings. */
  embedding?: { path(model: string): string; codec: EmbeddingCodec };
}

const OPENAI_EMBEDDING = { path: () => "/embeddings", codec: openaiEmbeddings };

export const HTTP_DIALECTS = {
  openai_chat: {
    dialect: openaiChat,
    answerPath: () => "/chat/completions",
    modelsPath: "/models",
    parseModels: parseOpenaiModels,
    headers: {},
    embedding: OPENAI_EMBEDDING,
  },
  openai_responses: {
    dialect: openaiResponses,
    answerPath: () => "/responses",
    modelsPath: "/models",
    parseModels: parseOpenaiModels,
    headers: {},
    embedding: OPENAI_EMBEDDING,
  },
  anthropic: {
    dialect: anthropic,
    version: "/v1",
    answerPath: () => "/messages",
    modelsPath: "/models?limit=1000",
    parseModels: (body) => entriesOf(body, "data").flatMap((entry) => modelOf(entry.id, entry)),
    headers: { "anthropic-version": "2023-06-01" },
    counting: { ...anthropicCounting, path: () => "/messages/count_tokens" },
  },
  gemini: {
    dialect: gemini,
    version: "/v1beta",
    answerPath: (model, stream) => geminiPath(model, stream ? "streamGenerateContent?alt=sse" : "generateContent"),
    modelsPath: "/models?pageSize=1000",
    parseModels: (body) =>
      entriesOf(body, "models").flatMap((entry) =>
        modelOf(typeof entry.name === "string" ? entry.name.replace(/^models\//, "") : undefined, entry)
      ),
    headers: {},
    counting: { ...geminiCounting, path: (model) => geminiPath(model, "countTokens") },
    embedding: { path: (model) => geminiPath(model, "batchEmbedContents"), codec: geminiEmbeddings },
  },
  ollama: {
    dialect: ollama,
    version: "/api",
    answerPath: () => "/chat",
    modelsPath: "/tags",
    parseModels: (body) => entriesOf(body, "models").flatMap((entry) => modelOf(entry.name ?? entry.model, entry)),
    headers: {},
    embedding: { path: () => "/embed", codec: ollamaEmbeddings },
  },
} as const satisfies Record<string, HttpDialect>;

/** The endpoint with the version its dialect's paths begin with, whether or not it was written with one. */
export function withVersion(endpoint: string, { version }: HttpDialect): string {
  return version === undefined || /\/(v\d+\w*|api)$/.test(endpoint) ? endpoint : endpoint + version;
}

function geminiPath(model: string, verb: string): string {
  return `/${geminiModelName(model).split("/").map(encodeURIComponent).join("/")}:${verb}`;
}

/** `{data: [{id, created, owned_by}]}`, or the bare array that some compatible vendors (Together) answer. */
function parseOpenaiModels(body: unknown): UpstreamModel[] {
  return entriesOf(Array.isArray(body) ? { data: body } : body, "data").flatMap((entry) => modelOf(entry.id, entry));
}

type Entry = Record<string, unknown>;

function entriesOf(body: unknown, member: string): Entry[] {
  const list = isObject(body) ? body[member] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function modelOf(id: unknown, entry: Entry): UpstreamModel[] {
  if (typeof id !== "string" || id === "") return [];
  const facts: ModelFacts = {
    ...numberMember(entry.inputTokenLimit ?? entry.max_input_tokens, "contextWindow"),
    ...numberMember(entry.outputTokenLimit ?? entry.max_tokens, "maxOutput"),
  };
  const created = typeof entry.created === "number" ? entry.created : Date.parse(String(entry.created_at)) / 1000;
  return [{
    id,
    ...(Number.isFinite(created) && { created }),
    ...(typeof entry.owned_by === "string" && { ownedBy: entry.owned_by }),
    ...(Object.keys(facts).length > 0 && { facts }),
  }];
}

function numberMember<Name extends string>(value: unknown, name: Name): { [Key in Name]?: number } | undefined {
  return typeof value === "number" && value > 0 ? { [name]: value } as { [Key in Name]?: number } : undefined;
}

function isObject(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
