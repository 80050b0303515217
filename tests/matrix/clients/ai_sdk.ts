/** Vercel's AI SDK, which many applications stand on: one client for each of its providers, stricter than the vendors' own. */

import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, generateText, jsonSchema, type ModelMessage, Output, streamText, tool, type ToolSet } from "ai";
import { checkAnthropicStream } from "../../support/anthropic_grammar.ts";
import { checkGeminiStream } from "../../support/gemini_grammar.ts";
import { checkOpenaiChatStream } from "../../support/openai_chat_grammar.ts";
import { checkOpenaiResponsesStream } from "../../support/openai_responses_grammar.ts";
import type { Client, ClientOptions } from "../client.ts";
import type { Ask, Finish, Seen } from "../scenario.ts";

// It warns of every model whose name it does not know.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const key = { apiKey: "none" };

export const aiSdkClients: readonly Client[] = [
  {
    ...client(({ url, model }) => {
      const options = { includeUsage: true, supportsStructuredOutputs: true };
      return createOpenAICompatible({ ...key, ...options, name: "anystream", baseURL: `${url}/v1` })(model);
    }),
    dialect: "openai_chat",
    check: (text) => void checkOpenaiChatStream(text, { includeUsage: true }),
  },
  {
    ...client(({ url, model }) => createOpenAI({ ...key, baseURL: `${url}/v1` }).responses(model)),
    dialect: "openai_responses",
    check: (text) => void checkOpenaiResponsesStream(text),
  },
  {
    ...client(({ url, model }) => createAnthropic({ ...key, baseURL: `${url}/v1` })(model)),
    dialect: "anthropic",
    addsBudget: true,
    check: (text) => void checkAnthropicStream(text),
  },
  {
    ...client(({ url, model }) => createGoogle({ ...key, baseURL: `${url}/v1beta` })(model)),
    dialect: "gemini",
    check: (text) => void checkGeminiStream(text),
  },
];

/** What the providers do by themselves only for models whose names they know. */
const PROVIDER_OPTIONS = {
  openai: { forceReasoning: true, reasoningSummary: "auto", store: false },
  anthropic: { structuredOutputMode: "outputFormat" },
  google: { thinkingConfig: { includeThoughts: true } },
};

type Model = Parameters<typeof generateText>[0]["model"];

const FINISH: Readonly<Record<string, Finish>> = {
  "stop": "stop",
  "length": "length",
  "tool-calls": "tool-calls",
  "content-filter": "refusal",
};

function client(modelOf: (options: ClientOptions) => Model): Pick<Client, "name" | "ask"> {
  return {
    name: "AI SDK",
    async ask(options) {
      const seen: Seen = { text: "", reasoning: "", calls: [], finish: undefined, usage: undefined, error: undefined };
      try {
        await (options.stream ? readStream : readWhole)(modelOf(options), options, seen);
      } catch (error) {
        seen.error = (APICallError.isInstance(error) ? error.statusCode : undefined) ?? true;
      }
      return seen;
    },
  };
}

async function readWhole(model: Model, options: ClientOptions, seen: Seen): Promise<void> {
  const answer = await generateText({ ...request(options), model });
  seen.text = answer.text;
  seen.reasoning = answer.reasoningText ?? "";
  for (const { toolCallId: id, toolName: name, input } of answer.toolCalls) {
    seen.calls.push({ id, name, arguments: input });
  }
  take(seen, answer);
}

async function readStream(model: Model, options: ClientOptions, seen: Seen): Promise<void> {
  // What it throws is in the stream; without a listener it would be printed, too.
  const answer = streamText({ ...request(options), model, onError() {} });
  for await (const part of answer.fullStream) {
    if (part.type === "text-delta") seen.text += part.text;
    if (part.type === "reasoning-delta") seen.reasoning += part.text;
    if (part.type === "tool-call") {
      seen.calls.push({ id: part.toolCallId, name: part.toolName, arguments: part.input });
    }
    if (part.type === "error") throw part.error;
    if (part.type === "finish") take(seen, { ...part, usage: part.totalUsage });
  }
}

interface End {
  finishReason: string;
  rawFinishReason?: string | undefined;
  usage: Awaited<ReturnType<typeof generateText>>["usage"];
}

function take(seen: Seen, { finishReason, rawFinishReason, usage }: End): void {
  seen.finish = rawFinishReason === "stop_sequence" ? "stop-sequence" : FINISH[finishReason];
  seen.usage = {
    input: usage.inputTokens ?? 0,
    output: usage.outputTokens ?? 0,
    cached: usage.inputTokenDetails.cacheReadTokens ?? 0,
    reasoning: usage.outputTokenDetails.reasoningTokens ?? 0,
  };
}

function request({ ask, headers, signal }: ClientOptions) {
  return {
    maxRetries: 0,
    headers,
    ...(signal && { abortSignal: signal }),
    ...(ask.system !== undefined && { system: ask.system }),
    messages: messages(ask),
    ...(ask.tools && { tools: toolsOf(ask.tools) }),
    ...(ask.schema && { output: Output.object({ schema: jsonSchema(ask.schema) }) }),
    ...(ask.maxTokens !== undefined && { maxOutputTokens: ask.maxTokens }),
    ...(ask.stop !== undefined && { stopSequences: [ask.stop] }),
    ...(ask.effort && { reasoning: ask.effort }),
    providerOptions: PROVIDER_OPTIONS,
  };
}

function toolsOf(tools: NonNullable<Ask["tools"]>): ToolSet {
  return Object.fromEntries(tools.map(({ name, description, parameters }) => [
    name,
    tool({ description, inputSchema: jsonSchema(parameters) }),
  ]));
}

function messages({ prompt, image, past }: Ask): ModelMessage[] {
  const names = new Map(past?.calls.map(({ id, name }) => [id, name]));
  return [
    {
      role: "user",
      content: image === undefined
        ? prompt
        : [{ type: "text", text: prompt }, { type: "file", data: image, mediaType: "image/png" }],
    },
    ...(past === undefined ? [] : [
      {
        role: "assistant" as const,
        content: past.calls.map(({ id, name, arguments: input }) => ({
          type: "tool-call" as const,
          toolCallId: id,
          toolName: name,
          input,
        })),
      },
      {
        role: "tool" as const,
        content: Object.entries(past.results).map(([id, value]) => ({
          type: "tool-result" as const,
          toolCallId: id,
          toolName: names.get(id) ?? "",
          output: { type: "text" as const, value },
        })),
      },
    ]),
  ];
}
