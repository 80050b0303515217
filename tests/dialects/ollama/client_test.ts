/** The official client (ollama 0.6.4) against what we write: streams, whole answers, errors, keep-alives. */

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { type ChatResponse, type GenerateResponse, Ollama } from "ollama";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import { replyFolder } from "../../../chat/reply_folder.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import type { Dialect, EventFormatter, FormatOptions } from "../../../dialects/dialect.ts";
import { ollama, ollamaGenerate } from "../../../dialects/ollama/mod.ts";
import { bytesOf } from "../../support/chunked.ts";

const OPTIONS: FormatOptions = { model: "m", id: "abc", created: 1_788_000_000, keepAlive: "comment" };

const EVENTS: ChatEvent[] = [
  { type: "start", id: "x", model: "upstream" },
  { type: "reasoning", text: "Hm" },
  { type: "text", text: "天" },
  { type: "text", text: "空" },
  { type: "tool-call", index: 0, id: "call_1", name: "f" },
  { type: "tool-arguments", index: 0, json: '{"x":1}' },
  { type: "finish", reason: "tool-calls" },
  { type: "usage", usage: { input: 3, output: 2 } },
];

/** A client whose requests are read by the dialect and answered with these bytes, one by one. */
function clientOf(dialect: Dialect, answer: (request: ChatRequest, formatter: EventFormatter) => string | Response) {
  const requests: ChatRequest[] = [];
  const fetch = (_url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const text = String(init?.body);
    const request = dialect.parseRequest(JSON.parse(text), { text });
    requests.push(request);
    const answered = answer(request, dialect.eventFormatter(request, OPTIONS));
    return Promise.resolve(answered instanceof Response ? answered : trickle(answered, dialect.streamType));
  };
  return { client: new Ollama({ fetch }), requests };
}

function trickle(text: string, type: string): Response {
  const bytes = Array.from(bytesOf(text), (byte) => Uint8Array.of(byte));
  return new Response(ReadableStream.from(bytes), { headers: { "content-type": type } });
}

/** A whole stream with a keep-alive before each frame. */
function keptAlive(formatter: EventFormatter): string {
  const frames = [...EVENTS.flatMap((event) => formatter.push({ events: [event] })), ...formatter.end()];
  return formatter.ping(0).join("") + frames.map((frame) => ` ${frame}`).join("");
}

async function readAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const item of items) read.push(item);
  return read;
}

Deno.test("the official client reads a chat, and sees nothing of the keep-alives", async () => {
  const { client, requests } = clientOf(ollama, (_, formatter) => keptAlive(formatter));
  const stream = await client.chat({ model: "m", messages: [{ role: "user", content: "Hi" }], stream: true });
  const lines: ChatResponse[] = await readAll(stream);
  deepEqual(lines.map(({ message }) => message), [
    { role: "assistant", content: "", thinking: "Hm" },
    { role: "assistant", content: "天" },
    { role: "assistant", content: "空" },
    {
      role: "assistant",
      content: "",
      tool_calls: [{ id: "call_1", function: { index: 0, name: "f", arguments: { x: 1 } } }],
    },
    { role: "assistant", content: "" },
  ]);
  const last = lines.at(-1)!;
  deepEqual([last.done, last.done_reason, last.prompt_eval_count, last.eval_count], [true, "stop", 3, 2]);
  equal(requests[0]!.stream, true);
});

Deno.test("the official client reads a completion", async () => {
  const { client } = clientOf(ollamaGenerate, (_, formatter) => keptAlive(formatter));
  const lines: GenerateResponse[] = await readAll(await client.generate({ model: "m", prompt: "Hi", stream: true }));
  equal(lines.map(({ response }) => response).join(""), "天空");
  equal(lines.map(({ thinking }) => thinking ?? "").join(""), "Hm");
  equal(lines.at(-1)!.done_reason, "stop");
});

Deno.test("the official client reads whole answers", async () => {
  const folder = replyFolder();
  folder.push(EVENTS);
  for (const dialect of [ollama, ollamaGenerate]) {
    const { client, requests } = clientOf(
      dialect,
      (request) => Response.json(dialect.formatResponse(folder.reply(), request, OPTIONS)),
    );
    const answer = dialect === ollama
      ? (await client.chat({ model: "m", messages: [{ role: "user", content: "Hi" }] })).message.content
      : (await client.generate({ model: "m", prompt: "Hi" })).response;
    equal(answer, "天空");
    equal(requests[0]!.stream, false);
  }
});

Deno.test("E5 the official client throws our sentence where a stream fails, after what came before", async () => {
  const { client } = clientOf(ollama, (_, formatter) =>
    [
      ...formatter.push({ events: EVENTS.slice(0, 3) }),
      ...formatter.ping(0),
      ...formatter.fail(new GatewayError("upstream-cut", "Cannot go on")),
    ].join(""));
  const stream = await client.chat({ model: "m", messages: [{ role: "user", content: "Hi" }], stream: true });
  const read: string[] = [];
  await rejects(async () => {
    for await (const line of stream) read.push(line.message.content);
  }, { message: "Cannot go on" });
  deepEqual(read, ["", "天"]);
});

Deno.test("E1 E3 the official client throws our sentence with the status of a refusal", async () => {
  const { client } = clientOf(ollama, () => {
    const { status, body } = ollama.formatError(new GatewayError("unknown-model", "Cannot find the model"), "req_1");
    return Response.json(body, { status });
  });
  const asked = client.chat({ model: "m", messages: [{ role: "user", content: "Hi" }], stream: true });
  await rejects(asked, { name: "ResponseError", error: "Cannot find the model", status_code: 404 });
});

Deno.test("L4 what the official client sends is understood: images, tools, history, format, think", async () => {
  const { client, requests } = clientOf(ollama, (_, formatter) => keptAlive(formatter));
  await client.chat({
    model: "m",
    stream: true,
    messages: [
      { role: "user", content: "What is it?", images: [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)] },
      { role: "assistant", content: "", tool_calls: [{ function: { name: "f", arguments: { x: 1 } } }] },
      { role: "tool", content: "2", tool_name: "f" },
    ],
    tools: [{ type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } }],
    format: { type: "object" },
    think: "high",
    keep_alive: 10,
    options: { temperature: 0.5, num_ctx: 2048 },
  }).then(readAll);
  const { messages, tools, output, reasoning, temperature, extra } = requests[0]!;
  deepEqual(messages.map(({ role }) => role), ["user", "assistant", "tool"]);
  const [image] = messages[0]!.parts;
  ok(image?.type === "image" && image.source.kind === "base64");
  equal(image.source.mediaType, "image/png");
  deepEqual(messages[2], { role: "tool", callId: "call_0", name: "f", parts: [{ type: "text", text: "2" }] });
  equal(tools?.length, 1);
  deepEqual([output?.type, reasoning?.effort, temperature], ["schema", "high", 0.5]);
  deepEqual(extra, { keep_alive: 10, options: { num_ctx: 2048 } });
});
