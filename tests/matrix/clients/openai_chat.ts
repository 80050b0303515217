/** The official `openai` client, on Chat Completions. */

import OpenAI from "openai";
import type { ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";
import { checkOpenaiChatStream } from "../../support/openai_chat_grammar.ts";
import type { Client, ClientOptions } from "../client.ts";
import type { Ask, Finish, Seen } from "../scenario.ts";

const FINISH: Readonly<Record<string, Finish>> = {
  stop: "stop",
  length: "length",
  tool_calls: "tool-calls",
  content_filter: "refusal",
};

export const openaiChatClient: Client = {
  dialect: "openai_chat",
  async ask(options) {
    const client = new OpenAI({ baseURL: `${options.url}/v1`, apiKey: "none", maxRetries: 0 });
    const seen: Seen = { text: "", reasoning: "", calls: [], finish: undefined, usage: undefined, error: undefined };
    try {
      await (options.stream ? readStream(client, options, seen) : readWhole(client, options, seen));
    } catch (error) {
      seen.error = (error instanceof OpenAI.APIError ? error.status : undefined) ?? true;
    }
    return seen;
  },
  check: (text) => void checkOpenaiChatStream(text, { includeUsage: true }),
};

async function readWhole(client: OpenAI, options: ClientOptions, seen: Seen): Promise<void> {
  const answer = await client.chat.completions.create(body(options), callOptions(options));
  take(seen, answer.choices[0]?.message, answer.choices[0]?.finish_reason, answer.usage);
}

/** By `.stream()`, which is stricter than the raw loop: it wants role, type and finish. */
async function readStream(client: OpenAI, options: ClientOptions, seen: Seen): Promise<void> {
  const asked = { ...body(options), stream_options: { include_usage: true } };
  const stream = client.chat.completions.stream(asked, callOptions(options));
  stream.on("chunk", ({ choices: [choice] }) => {
    const delta = choice?.delta as { content?: string; reasoning_content?: string } | undefined;
    seen.text += delta?.content ?? "";
    seen.reasoning += delta?.reasoning_content ?? "";
  });
  const answer = await stream.finalChatCompletion();
  // The client joins only the members it knows; reasoning is read from the chunks.
  const { reasoning } = seen;
  take(seen, answer.choices[0]?.message, answer.choices[0]?.finish_reason, answer.usage);
  seen.reasoning = reasoning;
}

function take(
  seen: Seen,
  message: OpenAI.ChatCompletionMessage | undefined,
  finish: string | undefined,
  usage: OpenAI.CompletionUsage | null | undefined,
): void {
  seen.text = message?.content ?? "";
  seen.reasoning = (message as { reasoning_content?: string } | undefined)?.reasoning_content ?? "";
  seen.calls = (message?.tool_calls ?? []).flatMap((call) =>
    call.type === "function"
      ? [{ id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) }]
      : []
  );
  seen.finish = FINISH[finish ?? ""];
  seen.usage = usage
    ? {
      input: usage.prompt_tokens,
      output: usage.completion_tokens,
      cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
      reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    }
    : undefined;
}

function callOptions({ headers, signal }: ClientOptions) {
  return { headers, ...(signal && { signal }) };
}

function body({ model, ask }: ClientOptions): Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, "stream"> {
  return {
    model,
    messages: messages(ask),
    ...(ask.tools && {
      tools: ask.tools.map((definition): ChatCompletionTool => ({ type: "function", function: { ...definition } })),
    }),
    ...(ask.schema && {
      response_format: { type: "json_schema", json_schema: { name: "answer", schema: ask.schema, strict: true } },
    }),
    ...(ask.maxTokens !== undefined && { max_completion_tokens: ask.maxTokens }),
    ...(ask.stop !== undefined && { stop: [ask.stop] }),
    ...(ask.effort && { reasoning_effort: ask.effort }),
  };
}

function messages({ system, prompt, image, past }: Ask): ChatCompletionMessageParam[] {
  const url = `data:image/png;base64,${image}`;
  return [
    ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
    {
      role: "user",
      content: image === undefined
        ? prompt
        : [{ type: "text", text: prompt }, { type: "image_url", image_url: { url } }],
    },
    ...(past === undefined ? [] : [
      {
        role: "assistant" as const,
        tool_calls: past.calls.map(({ id, name, arguments: args }) => ({
          id,
          type: "function" as const,
          function: { name, arguments: JSON.stringify(args) },
        })),
      },
      ...Object.entries(past.results).map(([id, content]) => ({ role: "tool" as const, tool_call_id: id, content })),
    ]),
  ];
}
