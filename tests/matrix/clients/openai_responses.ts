/** The official `openai` client, on Responses. */

import OpenAI from "openai";
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import { checkOpenaiResponsesStream } from "../../support/openai_responses_grammar.ts";
import type { Client, ClientOptions } from "../client.ts";
import type { Ask, Finish, Seen } from "../scenario.ts";

const INCOMPLETE: Readonly<Record<string, Finish>> = { max_output_tokens: "length", content_filter: "refusal" };

export const openaiResponsesClient: Client = {
  dialect: "openai_responses",
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
  check: (text) => void checkOpenaiResponsesStream(text),
};

async function readWhole(client: OpenAI, options: ClientOptions, seen: Seen): Promise<void> {
  take(seen, await client.responses.create(body(options), callOptions(options)));
}

/** By `.stream()`, which is stricter than the raw loop: it wants every delta below an item and a part that were added. */
async function readStream(client: OpenAI, options: ClientOptions, seen: Seen): Promise<void> {
  const stream = client.responses.stream(body(options), callOptions(options));
  stream.on("response.output_text.delta", ({ delta }) => void (seen.text += delta));
  stream.on("response.reasoning_summary_text.delta", ({ delta }) => void (seen.reasoning += delta));
  take(seen, await stream.finalResponse());
}

function take(seen: Seen, { output, output_text, status, incomplete_details, usage }: Response): void {
  seen.text = output_text;
  seen.reasoning = output.flatMap((item) => item.type === "reasoning" ? item.summary : []).map(({ text }) => text).join(
    "",
  );
  seen.calls = output.flatMap((item) =>
    item.type === "function_call" ? [{ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) }] : []
  );
  // Only what is in it tells an answer that ends with calls from any other that is whole.
  if (status === "completed") seen.finish = seen.calls.length > 0 ? "tool-calls" : "stop";
  else seen.finish = INCOMPLETE[incomplete_details?.reason ?? ""];
  seen.usage = usage && {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cached: usage.input_tokens_details.cached_tokens,
    reasoning: usage.output_tokens_details.reasoning_tokens,
  };
}

function callOptions({ headers, signal }: ClientOptions) {
  return { headers, ...(signal && { signal }) };
}

function body({ model, ask }: ClientOptions): Omit<ResponseCreateParamsNonStreaming, "stream"> {
  return {
    model,
    input: input(ask),
    store: false,
    ...(ask.system !== undefined && { instructions: ask.system }),
    ...(ask.tools && {
      tools: ask.tools.map(({ parameters, ...tool }) => ({
        type: "function" as const,
        ...tool,
        parameters: { ...parameters },
        strict: false,
      })),
    }),
    ...(ask.schema && {
      text: { format: { type: "json_schema" as const, name: "answer", schema: ask.schema, strict: true } },
    }),
    ...(ask.maxTokens !== undefined && { max_output_tokens: ask.maxTokens }),
    ...(ask.effort && {
      reasoning: { effort: ask.effort, summary: "auto" as const },
      include: ["reasoning.encrypted_content" as const],
    }),
  };
}

function input({ prompt, image, past }: Ask): ResponseInputItem[] {
  const image_url = `data:image/png;base64,${image}`;
  return [
    {
      role: "user",
      content: image === undefined
        ? prompt
        : [{ type: "input_text", text: prompt }, { type: "input_image", image_url, detail: "auto" }],
    },
    ...(past?.calls ?? []).map(({ id: call_id, name, arguments: args }) => ({
      type: "function_call" as const,
      call_id,
      name,
      arguments: JSON.stringify(args),
    })),
    ...Object.entries(past?.results ?? {}).map(([call_id, output]) => ({
      type: "function_call_output" as const,
      call_id,
      output,
    })),
  ];
}
