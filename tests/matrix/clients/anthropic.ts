/** The official `@anthropic-ai/sdk` client. */

import Anthropic from "@anthropic-ai/sdk";
import { checkAnthropicStream } from "../../support/anthropic_grammar.ts";
import type { Client, ClientOptions } from "../client.ts";
import type { Ask, Finish, Seen } from "../scenario.ts";

const FINISH: Readonly<Record<string, Finish>> = {
  end_turn: "stop",
  max_tokens: "length",
  tool_use: "tool-calls",
  stop_sequence: "stop-sequence",
  refusal: "refusal",
};

/** The limit is required here. */
const MAX_TOKENS = 4000;
const BUDGETS = { low: 1024, medium: 4096, high: 8192 } as const satisfies Record<NonNullable<Ask["effort"]>, number>;

export const anthropicClient: Client = {
  dialect: "anthropic",
  async ask(options) {
    const client = new Anthropic({ baseURL: options.url, apiKey: "none", maxRetries: 0 });
    const seen: Seen = { text: "", reasoning: "", calls: [], finish: undefined, usage: undefined, error: undefined };
    try {
      await (options.stream ? readStream(client, options, seen) : readWhole(client, options, seen));
    } catch (error) {
      seen.error = (error instanceof Anthropic.APIError ? error.status : undefined) ?? true;
    }
    return seen;
  },
  check: (text) => void checkAnthropicStream(text),
};

async function readWhole(client: Anthropic, options: ClientOptions, seen: Seen): Promise<void> {
  take(seen, await client.messages.create(body(options), callOptions(options)));
}

/** By `.stream()`, which is stricter than the raw loop: it joins the blocks, and wants the message to end. */
async function readStream(client: Anthropic, options: ClientOptions, seen: Seen): Promise<void> {
  const stream = client.messages.stream(body(options), callOptions(options));
  stream.on("text", (delta) => void (seen.text += delta));
  stream.on("thinking", (delta) => void (seen.reasoning += delta));
  take(seen, await stream.finalMessage());
}

function take(seen: Seen, { content, stop_reason, usage }: Anthropic.Message): void {
  seen.text = content.map((block) => block.type === "text" ? block.text : "").join("");
  seen.reasoning = content.map((block) => block.type === "thinking" ? block.thinking : "").join("");
  seen.calls = content.flatMap((block) =>
    block.type === "tool_use" ? [{ id: block.id, name: block.name, arguments: block.input }] : []
  );
  seen.finish = FINISH[stop_reason ?? ""];
  const cached = usage.cache_read_input_tokens ?? 0;
  seen.usage = {
    input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
    output: usage.output_tokens,
    cached,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}

function callOptions({ headers, signal }: ClientOptions) {
  return { headers, ...(signal && { signal }) };
}

function body({ model, ask }: ClientOptions): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model,
    max_tokens: ask.maxTokens ?? MAX_TOKENS,
    messages: messages(ask),
    ...(ask.system !== undefined && { system: ask.system }),
    ...(ask.tools && {
      tools: ask.tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })),
    }),
    ...(ask.schema && { output_config: { format: { type: "json_schema", schema: ask.schema } } }),
    ...(ask.stop !== undefined && { stop_sequences: [ask.stop] }),
    ...(ask.effort && { thinking: { type: "enabled", budget_tokens: BUDGETS[ask.effort] } }),
  };
}

function messages({ prompt, image, past }: Ask): Anthropic.MessageParam[] {
  return [
    {
      role: "user",
      content: image === undefined ? prompt : [
        { type: "text", text: prompt },
        { type: "image", source: { type: "base64", media_type: "image/png", data: image } },
      ],
    },
    ...(past === undefined ? [] : [
      {
        role: "assistant" as const,
        content: past.calls.map(({ id, name, arguments: input }) => ({ type: "tool_use" as const, id, name, input })),
      },
      {
        role: "user" as const,
        content: Object.entries(past.results).map(([tool_use_id, content]) => ({
          type: "tool_result" as const,
          tool_use_id,
          content,
        })),
      },
    ]),
  ];
}
