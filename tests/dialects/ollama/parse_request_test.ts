/** What a client's body asks for, on both routes, and what is said to one that cannot be read. */

import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatRequest, Message } from "../../../chat/request.ts";
import { ollama, ollamaGenerate } from "../../../dialects/ollama/mod.ts";

const chat = (body: unknown) => ollama.parseRequest(body, { text: JSON.stringify(body) });
const generate = (body: unknown) => ollamaGenerate.parseRequest(body, { text: JSON.stringify(body) });

function messages(...given: unknown[]): Message[] {
  return chat({ model: "m", messages: given }).messages;
}

Deno.test("parseRequest() reads a chat with all its fields", () => {
  const body = {
    model: "llama3.2",
    messages: [
      { role: "system", content: "Be brief." },
      { role: "USER", content: "What is this?", images: ["iVBORw0KGgoAAA"] },
    ],
    stream: false,
    tools: [
      { type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } },
      { type: "function", function: { name: "g", description: null, parameters: null } },
    ],
    format: { type: "object", properties: {} },
    think: "high",
    options: { num_predict: 9, temperature: 0, top_k: 4, repeat_penalty: 1.1, stop: ["x"], num_ctx: 4096, seed: null },
    logprobs: true,
    top_logprobs: 2,
    keep_alive: "5m",
    truncate: false,
  };
  const text = JSON.stringify(body);
  deepEqual(ollama.parseRequest(body, { text }), {
    model: "llama3.2",
    messages: [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      {
        role: "user",
        parts: [
          { type: "image", source: { kind: "base64", mediaType: "image/png", data: "iVBORw0KGgoAAA" } },
          { type: "text", text: "What is this?" },
        ],
      },
    ],
    stream: false,
    includeUsage: true,
    tools: [
      { type: "function", name: "f", description: "d", parameters: { type: "object" } },
      { type: "function", name: "g" },
    ],
    maxTokens: 9,
    temperature: 0,
    topK: 4,
    repetitionPenalty: 1.1,
    stop: ["x"],
    output: { type: "schema", schema: { type: "object", properties: {} } },
    reasoning: { effort: "high", show: true },
    logprobs: true,
    topLogprobs: 2,
    extra: { keep_alive: "5m", truncate: false, options: { num_ctx: 4096 } },
    source: { dialect: "ollama", body, text },
  });
});

Deno.test("parseRequest() reads a prompt as one user message, and keeps what only generate has", () => {
  const body = {
    model: "codellama",
    prompt: "def f(",
    suffix: "return",
    system: "Write code.",
    template: "{{ .Prompt }}",
    raw: true,
    context: [1, 2],
    images: ["/9j/4AA"],
    format: "json",
  };
  const request = generate(body);
  deepEqual(request.messages, [
    { role: "system", parts: [{ type: "text", text: "Write code." }] },
    {
      role: "user",
      parts: [
        { type: "image", source: { kind: "base64", mediaType: "image/jpeg", data: "/9j/4AA" } },
        { type: "text", text: "def f(" },
      ],
    },
  ]);
  deepEqual(request.extra, { suffix: "return", template: "{{ .Prompt }}", raw: true, context: [1, 2] });
  deepEqual(request.output, { type: "json" });
  equal(request.source.dialect, "ollama_generate");
});

Deno.test("a stream is what a client gets that does not say", () => {
  equal(chat({ model: "m", messages: [] }).stream, true);
  equal(generate({ model: "m", stream: null }).stream, true);
  equal(generate({ model: "m", stream: false }).stream, false);
});

Deno.test("a request for nothing has no messages", () => {
  deepEqual(chat({ model: "m" }).messages, []);
  deepEqual(generate({ model: "m", system: "s", prompt: "" }).messages, []);
});

Deno.test("think is a switch or a level", () => {
  const reasoning = (think: unknown) => chat({ model: "m", messages: [], think }).reasoning;
  deepEqual(reasoning(true), { budget: -1, show: true });
  deepEqual(reasoning(false), { effort: "none" });
  deepEqual(reasoning("max"), { effort: "max", show: true });
  equal(reasoning(undefined), undefined);
  equal(reasoning(null), undefined);
});

Deno.test("an empty format is none, and a limit below 1 is none but stays an option", () => {
  equal(chat({ model: "m", messages: [], format: "" }).output, undefined);
  const request = chat({ model: "m", messages: [], options: { num_predict: -2, stop: "x" } });
  equal(request.maxTokens, undefined);
  deepEqual(request.stop, ["x"]);
  deepEqual(request.extra, { options: { num_predict: -2 } });
});

Deno.test("L4 images are bare base64; a data URL and an address are understood too", () => {
  const [message] = messages({
    role: "user",
    content: [],
    images: ["UklGRgAA", "R0lGODlh", "AAAA", "data:image/bmp;base64,Qk0=", "https://x.example/a.png"],
  });
  deepEqual(message!.parts.map((part) => part.type === "image" && part.source), [
    { kind: "base64", mediaType: "image/webp", data: "UklGRgAA" },
    { kind: "base64", mediaType: "image/gif", data: "R0lGODlh" },
    { kind: "base64", mediaType: "image/png", data: "AAAA" },
    { kind: "base64", mediaType: "image/bmp", data: "Qk0=" },
    { kind: "url", url: "https://x.example/a.png" },
  ]);
});

const call = (name: string, id?: string, given: unknown = {}) => ({ id, function: { name, arguments: given } });
const assistant = (...calls: unknown[]) => ({ role: "assistant", content: "", tool_calls: calls });
const result = (content: string, fields: Record<string, unknown> = {}) => ({ role: "tool", content, ...fields });

/** The ids of calls, and of results in brackets. */
function ids(...given: unknown[]): string[] {
  return messages(...given).flatMap((message) =>
    message.role === "tool"
      ? [`(${message.callId} ${message.name})`]
      : message.parts.flatMap((part) => part.type === "tool-call" ? [part.id] : [])
  );
}

Deno.test("the assistant's turns have thoughts, text and calls", () => {
  deepEqual(messages({ role: "assistant", content: "Hi", thinking: "Hm", tool_calls: [call("f", "a", { x: 1 })] }), [{
    role: "assistant",
    parts: [
      { type: "reasoning", text: "Hm" },
      { type: "text", text: "Hi" },
      { type: "tool-call", id: "a", name: "f", json: '{"x":1}' },
    ],
  }]);
});

Deno.test("T9 T10 arguments are JSON text, whatever they came as", () => {
  const [message] = messages(assistant(call("f", "a", undefined), call("f", "b", ""), call("f", "c", '{"x":1}')));
  deepEqual(message!.parts.map((part) => part.type === "tool-call" && part.json), ["{}", "{}", '{"x":1}']);
});

Deno.test("T15 calls without ids get such as differ over the whole conversation", () => {
  const turn = [assistant(call("f"), call("f")), result("1", { tool_name: "f" }), result("2", { tool_name: "f" })];
  deepEqual(ids(...turn, { role: "user", content: "More" }, ...turn), [
    "call_0",
    "call_1",
    "(call_0 f)",
    "(call_1 f)",
    "call_2",
    "call_3",
    "(call_2 f)",
    "(call_3 f)",
  ]);
});

Deno.test("T15 an id that a client uses in each turn is told apart", () => {
  const turn = [assistant(call("f", "same")), result("1", { tool_call_id: "same" })];
  deepEqual(ids(...turn, ...turn), ["same", "(same f)", "call_0", "(call_0 f)"]);
  deepEqual(ids(assistant(call("f", "call_0")), assistant(call("g"))), ["call_0", "call_1"]);
});

Deno.test("T22 a result finds its call by id, by name, or by its place", () => {
  const calls = assistant(call("f", "a"), call("g"), call("h"));
  deepEqual(ids(calls, result("g", { tool_name: "g" }), result("a", { tool_call_id: "a" }), result("last")).slice(3), [
    "(call_0 g)",
    "(a f)",
    "(call_1 h)",
  ]);
  deepEqual(ids(calls, result("g", { name: "g" })).slice(3), ["(call_0 g)"]);
});

Deno.test("T22 a result does not answer a call of an earlier turn, nor one of another name", () => {
  const turns = [assistant(call("f")), { role: "user", content: "Never mind" }, assistant(call("f"))];
  deepEqual(ids(...turns, result("1", { tool_name: "f" })), ["call_0", "call_1", "(call_1 f)"]);
  deepEqual(ids(assistant(call("f")), result("1", { tool_name: "g" })), ["call_0", "(call_1 g)"]);
  deepEqual(ids(result("1", { tool_call_id: "x" })), ["(x undefined)"]);
  deepEqual(ids(assistant(call("f", "a")), result("1", { tool_call_id: "x" })), ["a", "(x undefined)"]);
  const unnamed = [assistant(call("f"), call("g")), result("1", { tool_call_id: "x", tool_name: "g" })];
  deepEqual(ids(...unnamed), ["call_0", "call_1", "(call_1 g)"]);
  const calls = assistant(call("f"), call("g"));
  const swapped = [result("g", { tool_call_id: "call_1" }), result("f", { tool_call_id: "call_0" })];
  deepEqual(ids(calls, ...swapped).slice(2), ["(call_1 g)", "(call_0 f)"]);
  const foreign = [result("f", { tool_call_id: "r1" }), result("g", { tool_call_id: "r2" })];
  deepEqual(ids(calls, ...foreign).slice(2), ["(call_0 f)", "(call_1 g)"], "by their order where nothing else is said");
  deepEqual(ids(assistant(call("f")), result("1", { tool_call_id: "x" })), ["call_0", "(call_0 f)"]);
});

Deno.test("T22 calls that a client keeps in messages of their own are one turn's", () => {
  deepEqual(ids(assistant(call("f")), assistant(call("g")), result("1"), result("2")).slice(2), [
    "(call_0 f)",
    "(call_1 g)",
  ]);
});

Deno.test("T19 a result may have images", () => {
  const [, message] = messages(assistant(call("f", "a")), result("", { tool_call_id: "a", images: ["iVBORw0KGgo"] }));
  deepEqual(message, {
    role: "tool",
    callId: "a",
    name: "f",
    parts: [{ type: "image", source: { kind: "base64", mediaType: "image/png", data: "iVBORw0KGgo" } }],
  });
});

/** What is wrong with a body: the field, and the whole sentence. */
const REFUSED: [body: unknown, param: string | undefined, message: RegExp][] = [
  [{}, "model", /as model is missing, expected string$/],
  [{ model: "" }, "model", /as model is "", expected/],
  [{ model: "m", messages: "Hi" }, "messages", /as messages is "Hi", expected array$/],
  [{ model: "m", messages: [{ role: "robot" }] }, "messages[0].role", /is "robot", expected one of system, /],
  [{ model: "m", messages: [{ role: "user", content: 7 }] }, "messages[0].content", /is 7, expected string/],
  [{ model: "m", messages: [{ role: "user", content: [{}] }] }, "messages[0].content", /an array, expected/],
  [{ model: "m", messages: [], think: "hard" }, "think", /is "hard", expected boolean or one of none, /],
  [{ model: "m", messages: [], format: "yaml" }, "format", /is "yaml", expected json or an object$/],
  [{ model: "m", messages: [], options: { temperature: "0" } }, "options.temperature", /is "0", expected number$/],
  [{ model: "m", messages: [], options: { num_predict: 1.5 } }, "options.num_predict", /is 1.5, expected int/],
  [{ model: "m", tools: [{ function: {} }] }, "tools[0].function.name", /is missing, expected string$/],
  ["text", undefined, /as the body is "text", expected object$/],
];

for (const [body, param, message] of REFUSED) {
  Deno.test(`E3 ${JSON.stringify(body)} is refused by name`, () => {
    throws(() => chat(body), (error) => {
      if (!(error instanceof GatewayError)) return false;
      deepEqual([error.kind, error.param], ["invalid-request", param]);
      return message.test(error.message);
    });
  });
}

Deno.test("parseRequest() gives a request or a GatewayError for any JSON", () => {
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record({
      model: fc.string(),
      messages: fc.oneof(fc.jsonValue(), fc.array(fc.record({ role: fc.string(), content: fc.jsonValue() }))),
      options: fc.jsonValue(),
      tools: fc.jsonValue(),
      think: fc.jsonValue(),
    }, { requiredKeys: ["model"] }),
  );
  fc.assert(fc.property(body, (body) => {
    for (const parse of [chat, generate]) {
      let request: ChatRequest | undefined;
      try {
        request = parse(body);
      } catch (error) {
        equal(error instanceof GatewayError && error.kind, "invalid-request");
      }
      if (request !== undefined) equal(typeof request.model, "string");
    }
  }));
});
