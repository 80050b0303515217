/** The official client (openai 7.59.0) against what we write. */

import { equal, rejects } from "node:assert/strict";
import OpenAI from "openai";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import { openaiCompletions as dialect } from "../../../dialects/openai_completions/mod.ts";
import { foldEvents } from "../../support/codec.ts";
import { OPTIONS } from "./support.ts";

/** The official client, answered by the formatter. */
function clientOf(answer: (request: ChatRequest) => Response): OpenAI {
  const fetch = (_url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const text = String(init?.body);
    return Promise.resolve(answer(dialect.parseRequest(JSON.parse(text), { text })));
  };
  return new OpenAI({ apiKey: "k", baseURL: "http://gateway.test/v1", fetch, maxRetries: 0 });
}

Deno.test("the official client reads a stream with keep-alives, and its counts", async () => {
  const client = clientOf((request) => {
    const formatter = dialect.eventFormatter(request, OPTIONS);
    const frames = [
      ...formatter.ping(0),
      ...formatter.push({ events: [{ type: "text", text: " upon" }] }),
      ...formatter.ping(0),
      ...formatter.push({ events: [{ type: "text", text: " a" }, { type: "finish", reason: "length" }] }),
      ...formatter.push({ events: [{ type: "usage", usage: { input: 1, output: 2 } }] }),
      ...formatter.end(),
    ];
    return new Response(frames.join(""), { headers: { "content-type": dialect.streamType } });
  });
  const stream = await client.completions.create({
    model: "m",
    prompt: "Once",
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  equal(chunks.map(({ choices }) => choices[0]?.text ?? "").join(""), " upon a");
  equal(chunks.find(({ choices }) => choices[0]?.finish_reason)?.choices[0]?.finish_reason, "length");
  equal(chunks.at(-1)?.usage?.total_tokens, 3);
});

Deno.test("the official client reads a whole answer", async () => {
  const client = clientOf((request) =>
    Response.json(dialect.formatResponse(foldEvents([{ type: "text", text: " upon" }]), request, OPTIONS))
  );
  const answer = await client.completions.create({ model: "m", prompt: "Once", echo: true });
  equal(answer.choices[0]?.text, "Once upon");
});

Deno.test("E5 the official client throws where a stream fails", async () => {
  const client = clientOf((request) => {
    const formatter = dialect.eventFormatter(request, OPTIONS);
    const frames = [
      ...formatter.push({ events: [{ type: "text", text: "a" }] }),
      ...formatter.fail(new GatewayError("overloaded", "Cannot answer now")),
    ];
    return new Response(frames.join(""), { headers: { "content-type": dialect.streamType } });
  });
  const stream = await client.completions.create({ model: "m", prompt: "Once", stream: true });
  let text = "";
  await rejects(async () => {
    for await (const chunk of stream) text += chunk.choices[0]?.text;
  }, (error) => error instanceof OpenAI.APIError && error.code === "overloaded");
  equal(text, "a");
});
