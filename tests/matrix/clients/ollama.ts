/** The official `ollama` client. */

import { type ChatRequest, type ChatResponse, type Message, Ollama } from "ollama";
import { checkOllamaStream } from "../../support/ollama_grammar.ts";
import type { Client, ClientOptions } from "../client.ts";
import type { Ask, Seen } from "../scenario.ts";

/** The client's own types know no ids; it hands on those that are there. */
interface ToolCall {
  id: string;
  function: { name: string; arguments: Record<string, unknown> };
}

export const ollamaClient: Client = {
  dialect: "ollama",
  async ask(options) {
    // The client stops reading at the last line, and leaves a body that nobody cancels. Aborting ends it only as long as its
    // response was not collected as garbage (Deno 2.9.6).
    const over = new AbortController();
    const left: Response[] = [];
    options.signal?.addEventListener("abort", () => over.abort(), { once: true });
    const client = new Ollama({
      host: options.url,
      headers: options.headers,
      fetch: async (url, init) => {
        const response = await fetch(url, { ...init, signal: over.signal });
        left.push(response);
        return response;
      },
    });
    const seen: Seen = { text: "", reasoning: "", calls: [], finish: undefined, usage: undefined, error: undefined };
    try {
      await (options.stream ? readStream(client, options, seen) : readWhole(client, options, seen));
    } catch (error) {
      seen.error = statusOf(error) ?? true;
    } finally {
      over.abort();
      left.splice(0);
    }
    return seen;
  },
  check: (text) => void checkOllamaStream(text, { route: "chat" }),
};

/** The client's error class is not exported. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status_code" in error)) return undefined;
  return typeof error.status_code === "number" ? error.status_code : undefined;
}

async function readWhole(client: Ollama, options: ClientOptions, seen: Seen): Promise<void> {
  take(seen, await client.chat({ ...body(options), stream: false }));
}

async function readStream(client: Ollama, options: ClientOptions, seen: Seen): Promise<void> {
  for await (const answer of await client.chat({ ...body(options), stream: true })) take(seen, answer);
}

function take(seen: Seen, { message, done, done_reason: reason, prompt_eval_count, eval_count }: ChatResponse): void {
  seen.text += message.content;
  seen.reasoning += message.thinking ?? "";
  for (const { id, function: { name, arguments: args } } of (message.tool_calls ?? []) as ToolCall[]) {
    seen.calls.push({ id, name, arguments: args });
  }
  if (!done) return;
  // Only what is in it tells an answer that ends with calls from any other.
  if (reason === "stop") seen.finish = seen.calls.length > 0 ? "tool-calls" : "stop";
  else if (reason === "length") seen.finish = "length";
  seen.usage = { input: prompt_eval_count, output: eval_count };
}

function body({ model, ask }: ClientOptions): Omit<ChatRequest, "stream"> {
  const options = {
    ...(ask.maxTokens !== undefined && { num_predict: ask.maxTokens }),
    ...(ask.stop !== undefined && { stop: [ask.stop] }),
  };
  return {
    model,
    messages: messages(ask),
    ...(Object.keys(options).length > 0 && { options }),
    ...(ask.tools && {
      tools: ask.tools.map((definition) => ({ type: "function", function: { ...definition } })),
    }),
    ...(ask.schema && { format: ask.schema }),
    ...(ask.effort && { think: ask.effort }),
  };
}

/** The calls as the server gave them, their results by the name of the tool: that is all the client knows to say. */
function messages({ system, prompt, image, past }: Ask): Message[] {
  const names = new Map(past?.calls.map(({ id, name }) => [id, name]));
  const called = past?.calls.map(({ id, name, arguments: args }): ToolCall => ({
    id,
    function: { name, arguments: args },
  }));
  return [
    ...(system === undefined ? [] : [{ role: "system", content: system }]),
    { role: "user", content: prompt, ...(image !== undefined && { images: [image] }) },
    ...(called === undefined ? [] : [{ role: "assistant", content: "", tool_calls: called }]),
    ...Object.entries(past?.results ?? {}).map(([id, content]) => ({
      role: "tool",
      content,
      tool_name: names.get(id) ?? "",
    })),
  ];
}
