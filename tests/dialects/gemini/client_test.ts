/** What Google's own client makes of our streams, answers and errors, and we of its requests. */

import assert from "node:assert/strict";
import { ApiError, FunctionCallingConfigMode, type GenerateContentResponse, GoogleGenAI, Type } from "@google/genai";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { parseModelPath } from "../../../dialects/gemini/parse_path.ts";
import { fixture, foldEvents, readStream, writeStream } from "../../support/codec.ts";
import { OPTIONS, streamRequest } from "./support.ts";

interface Asked {
  request: ChatRequest;
  query: string;
}

/** A client whose requests are read by our parser, and answered by `answer`. */
function client(answer: (asked: Asked) => Response) {
  const asked: Asked[] = [];
  const ai = new GoogleGenAI({
    apiKey: "key",
    httpOptions: {
      fetch: (input, init) => {
        const url = new URL(String(input instanceof Request ? input.url : input));
        const text = String(init?.body);
        const found = parseModelPath(url.pathname.replace(/^\/v1(?:beta)?\//, ""));
        assert.ok(found, url.pathname);
        const sse = url.searchParams.get("alt") === "sse";
        const request = gemini.parseRequest(JSON.parse(text), { text, route: { ...found, sse } });
        asked.push({ request, query: url.search });
        return Promise.resolve(answer(asked.at(-1)!));
      },
    },
  });
  return { ai, asked };
}

function streaming(frames: readonly string[]): Response {
  return new Response(frames.join(""), { headers: { "content-type": gemini.streamType } });
}

/** Frames of the events, with a keep-alive before each and after the last. */
function kept(events: readonly ChatEvent[], asked: ChatRequest): string[] {
  const formatter = gemini.eventFormatter(asked, OPTIONS);
  const frames = events.flatMap((event) => [...formatter.ping(0), ...formatter.push({ events: [event] })]);
  return [...frames, ...formatter.ping(0), ...formatter.end()];
}

async function collect(stream: AsyncIterable<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const EVENTS: ChatEvent[] = [
  { type: "start", id: "x", model: "y" },
  { type: "reasoning", text: "Hm" },
  { type: "text", text: "Grüße " },
  { type: "text", text: "你好 🙂" },
  { type: "tool-call", index: 0, id: "call_1", name: "get_weather" },
  { type: "tool-arguments", index: 0, json: '{"city":' },
  { type: "tool-arguments", index: 0, json: '"Köln"}' },
  { type: "finish", reason: "tool-calls" },
  { type: "usage", usage: { input: 7, output: 5, reasoning: 2 } },
];
const thinkingConfig = { includeThoughts: true };

Deno.test("its stream: text, thoughts, calls, finish and counts, keep-alives between them", async () => {
  const { ai } = client(({ request }) => streaming(kept(EVENTS, request)));
  const chunks = await collect(
    await ai.models.generateContentStream({ model: "oai/gpt:x", contents: "Hi", config: { thinkingConfig } }),
  );
  assert.equal(chunks.map((chunk) => chunk.text ?? "").join(""), "Grüße 你好 🙂");
  assert.deepEqual(chunks.flatMap((chunk) => chunk.functionCalls ?? []), [
    { id: "call_1", name: "get_weather", args: { city: "Köln" } },
  ]);
  const last = chunks.at(-1);
  assert.equal(last?.candidates?.[0]?.finishReason, "STOP");
  assert.equal(last?.usageMetadata?.thoughtsTokenCount, 2);
  assert.equal(last?.usageMetadata?.candidatesTokenCount, 3);
  assert.equal(last?.modelVersion, "alias");
});

Deno.test("its chats keep the turn, keep-alives and all, and send it back as one message", async () => {
  const { ai, asked } = client(({ request }) => streaming(kept(EVENTS, request)));
  const chat = ai.chats.create({ model: "m", config: { thinkingConfig } });
  await collect(await chat.sendMessageStream({ message: "Hi" }));
  await collect(
    await chat.sendMessageStream({
      message: [{ functionResponse: { id: "call_1", name: "get_weather", response: { output: "rain" } } }],
    }),
  );
  assert.deepEqual(asked[1]?.request.messages, [
    { role: "user", parts: [{ type: "text", text: "Hi" }] },
    {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "Hm" },
        { type: "text", text: "Grüße 你好 🙂" },
        { type: "tool-call", id: "call_1", name: "get_weather", json: '{"city":"Köln"}' },
      ],
    },
    { role: "tool", callId: "call_1", name: "get_weather", parts: [{ type: "text", text: "rain" }] },
  ]);
});

for (const file of ["text", "thoughts", "parallel_calls", "safety", "thoughts_only", "empty"]) {
  Deno.test(`its chats keep the turn of ${file}.sse, relayed`, async () => {
    const beats = readStream(gemini, fixture(`gemini/${file}.sse`));
    const { ai } = client(({ request }) => streaming(writeStream(gemini.eventFormatter(request, OPTIONS), beats)));
    const chat = ai.chats.create({ model: "m" });
    const chunks = await collect(await chat.sendMessageStream({ message: "Hi" }));
    const said = foldEvents(beats.flatMap(({ events }) => events)).choices[0]?.parts ?? [];
    assert.equal(
      chunks.map((chunk) => chunk.text ?? "").join(""),
      said.map((part) => part.type === "text" ? part.text : "").join(""),
    );
    const [, ...turn] = chat.getHistory();
    assert.ok(turn.length > 0 && turn.every(({ parts }) => (parts ?? []).length > 0), "the turn is not forgotten");
  });
}

Deno.test("E5 a failure in mid-stream is raised, with its status", async () => {
  const { ai } = client(({ request }) => {
    const formatter = gemini.eventFormatter(request, OPTIONS);
    const error = new GatewayError("overloaded", "Cannot answer as the provider is overloaded");
    return streaming([
      ...formatter.push({ events: [{ type: "text", text: "Half" }] }),
      ...formatter.ping(0),
      ...formatter.fail(error),
    ]);
  });
  const stream = await ai.models.generateContentStream({ model: "m", contents: "Hi" });
  await assert.rejects(collect(stream), (error) => error instanceof ApiError && error.status === 503);
});

Deno.test("E3 an error answer is raised, with its status and our sentence", async () => {
  const { ai } = client(() => {
    const { status, body } = gemini.formatError(
      new GatewayError("unknown-model", "Cannot answer as there is no model m"),
      "req_1",
    );
    return Response.json(body, { status });
  });
  await assert.rejects(
    ai.models.generateContent({ model: "m", contents: "Hi" }),
    (error) => error instanceof ApiError && error.status === 404 && /there is no model m.*req_1/.test(error.message),
  );
});

Deno.test("its whole answer, white space before it", async () => {
  const { ai } = client(({ request }) => {
    assert.equal(request.stream, false);
    const body = gemini.formatResponse(foldEvents(EVENTS), request, OPTIONS);
    return new Response(` \n ${JSON.stringify(body)}`, { headers: { "content-type": "application/json" } });
  });
  const answer = await ai.models.generateContent({ model: "m", contents: "Hi", config: { thinkingConfig } });
  assert.equal(answer.text, "Grüße 你好 🙂");
  assert.equal(answer.functionCalls?.[0]?.name, "get_weather");
  assert.equal(answer.candidates?.[0]?.finishReason, "STOP");
});

Deno.test("sources reach it as citations", async () => {
  const annotation = {
    type: "url_citation",
    url_citation: { url: "https://a.example", title: "A", start_index: 0, end_index: 2 },
  };
  const events: ChatEvent[] = [{ type: "text", text: "Hi" }, { type: "annotation", annotation }, {
    type: "finish",
    reason: "stop",
  }];
  const { ai } = client(({ request }) => streaming(kept(events, request)));
  const chunks = await collect(await ai.models.generateContentStream({ model: "m", contents: "Hi" }));
  assert.deepEqual(chunks.at(-1)?.candidates?.[0]?.citationMetadata?.citations, [
    { startIndex: 0, endIndex: 2, uri: "https://a.example", title: "A" },
  ]);
});

Deno.test("what it asks for is understood", async () => {
  const { ai, asked } = client(({ request }) => streaming(kept(EVENTS, request)));
  await ai.models.generateContentStream({
    model: "a/b:c",
    contents: ["Look", { inlineData: { mimeType: "image/png", data: "AAAA" } }],
    config: {
      systemInstruction: "Be brief",
      temperature: 0.5,
      maxOutputTokens: 100,
      stopSequences: ["END"],
      responseMimeType: "application/json",
      responseSchema: { type: Type.OBJECT, properties: { a: { type: Type.STRING, nullable: true } } },
      thinkingConfig: { thinkingBudget: 256 },
      tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object", properties: {} } }] }, {
        googleSearch: {},
      }],
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ["f"] } },
      safetySettings: [],
    },
  });
  const [{ request, query }] = asked as [Asked];
  const { source: _, ...rest } = request;
  assert.equal(query, "?alt=sse");
  assert.deepEqual(rest, {
    model: "a/b:c",
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief" }] },
      {
        role: "user",
        parts: [
          { type: "text", text: "Look" },
          { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AAAA" } },
        ],
      },
    ],
    stream: true,
    includeUsage: true,
    tools: [
      { type: "function", name: "f", parameters: { type: "object", properties: {} } },
      { type: "server", dialect: "gemini", kind: "web-search", value: { googleSearch: {} } },
    ],
    toolChoice: { mode: "tool", name: "f" },
    maxTokens: 100,
    temperature: 0.5,
    stop: ["END"],
    reasoning: { budget: 256 },
    output: { type: "schema", schema: { type: "object", properties: { a: { type: ["string", "null"] } } } },
    extra: { safetySettings: [] },
  });
});

Deno.test("a body that we write is one that it would write", async () => {
  const request = streamRequest({
    generationConfig: { maxOutputTokens: 5 },
    systemInstruction: { parts: [{ text: "S" }] },
  });
  const { body } = gemini.formatRequest(request, { model: "gemini-2.5-flash", stream: true, facts: {}, quirks: {} });
  const { ai, asked } = client(({ request }) => streaming(kept(EVENTS, request)));
  const { contents, systemInstruction, generationConfig } = body as {
    contents: never;
    systemInstruction: never;
    generationConfig: JsonObject;
  };
  await ai.models.generateContentStream({ model: "m", contents, config: { systemInstruction, ...generationConfig } });
  assert.deepEqual(asked[0]?.request.source.body.contents, contents);
  assert.deepEqual(asked[0]?.request.source.body.generationConfig, generationConfig);
});
