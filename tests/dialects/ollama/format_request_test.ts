/** What an Ollama upstream is asked, and what of a request it cannot be. */

import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import type { ModelFacts } from "../../../chat/model.ts";
import {
  type ChatRequest,
  type Message,
  type ReasoningRequest,
  type Tool,
  type ToolChoice,
  type UserPart,
} from "../../../chat/request.ts";
import { ollama, ollamaGenerate } from "../../../dialects/ollama/mod.ts";
import { chatRequest, target } from "./support.ts";

const format = (fields: Partial<ChatRequest>, facts: ModelFacts = {}) =>
  ollama.formatRequest(chatRequest(fields), target({ facts }));

const lostPaths = (fields: Partial<ChatRequest>, facts: ModelFacts = {}) =>
  format(fields, facts).lost.map(({ path }) => path);

const formatted = (...messages: Message[]) => format({ messages }).body.messages;
const text = (text: string) => ({ type: "text" as const, text });
const tool = (name: string): Tool => ({ type: "function", name });
const empty = { type: "object", properties: {} };

Deno.test("formatRequest() writes a chat with all its fields", () => {
  const { body, lost } = format({
    tools: [{ type: "function", name: "f", description: "d", parameters: { type: "object" } }],
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    topK: 4,
    minP: 0.1,
    presencePenalty: 0.2,
    frequencyPenalty: 0.3,
    repetitionPenalty: 1.1,
    seed: 7,
    stop: ["x"],
    output: { type: "schema", schema: { type: "object" }, name: "n", strict: true },
    reasoning: { effort: "low" },
    logprobs: true,
    topLogprobs: 2,
  });
  deepEqual(body, {
    model: "upstream",
    messages: [{ role: "user", content: "Hi" }],
    tools: [{ type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } }],
    stream: false,
    format: { type: "object" },
    think: "low",
    logprobs: true,
    top_logprobs: 2,
    options: {
      temperature: 0,
      top_p: 0.5,
      top_k: 4,
      min_p: 0.1,
      presence_penalty: 0.2,
      frequency_penalty: 0.3,
      repeat_penalty: 1.1,
      seed: 7,
      num_predict: 9,
      stop: ["x"],
    },
  });
  deepEqual(lost, []);
});

Deno.test("formatRequest() says whether to stream, as silence means yes, and has no options where there are none", () => {
  deepEqual(ollama.formatRequest(chatRequest(), target({ stream: true })).body, {
    model: "upstream",
    messages: [{ role: "user", content: "Hi" }],
    stream: true,
  });
  equal(format({ output: { type: "text" } }).body.format, undefined);
  equal(format({ output: { type: "json" } }).body.format, "json");
});

Deno.test("R6 instructions of a developer are the system's", () => {
  deepEqual(formatted({ role: "developer", parts: [text("a"), text("b")] }), [{ role: "system", content: "a\n\nb" }]);
});

Deno.test("T10 T22 calls have their arguments as objects, results their tool's name and call", () => {
  deepEqual(
    formatted(
      {
        role: "assistant",
        parts: [
          { type: "reasoning", text: "Hm", signature: "s" },
          text("Let me "),
          text("see."),
          { type: "tool-call", id: "a", name: "f", json: '{"x":1}' },
          { type: "tool-call", id: "b", name: "g", json: "{}" },
        ],
      },
      { role: "tool", callId: "b", parts: [text("two")] },
      { role: "tool", callId: "a", name: "f", parts: [text("one")], isError: true },
      { role: "tool", callId: "z", parts: [] },
    ),
    [
      {
        role: "assistant",
        content: "Let me see.",
        thinking: "Hm",
        tool_calls: [
          { id: "a", type: "function", function: { index: 0, name: "f", arguments: { x: 1 } } },
          { id: "b", type: "function", function: { index: 1, name: "g", arguments: {} } },
        ],
      },
      { role: "tool", content: "two", tool_name: "g", tool_call_id: "b" },
      { role: "tool", content: "Error: one", tool_name: "f", tool_call_id: "a" }, // T21
      { role: "tool", content: "", tool_call_id: "z" },
    ],
  );
});

Deno.test("arguments that are no object are given as they are, never as none", () => {
  const argumentsOf = (json: string, custom = false) => {
    const [message] = format({
      messages: [{ role: "assistant", parts: [{ type: "tool-call", id: "a", name: "f", json, custom }] }],
    }).body.messages as { tool_calls: { function: { arguments: unknown } }[] }[];
    return message!.tool_calls[0]!.function.arguments;
  };
  deepEqual(argumentsOf('{"x":'), { _raw: '{"x":' });
  deepEqual(argumentsOf("[1]"), { _raw: "[1]" });
  deepEqual(argumentsOf(""), {});
  deepEqual(argumentsOf("free text", true), { input: "free text" });
});

Deno.test("L4 T19 images are bare base64 beside the text, those of results too", () => {
  const image = { type: "image" as const, source: { kind: "base64" as const, mediaType: "image/png", data: "AAAA" } };
  deepEqual(
    formatted({ role: "user", parts: [text("a"), image, text("b")] }, { role: "tool", callId: "c", parts: [image] }),
    [
      { role: "user", content: "a\n\nb", images: ["AAAA"] },
      { role: "tool", content: "", images: ["AAAA"], tool_call_id: "c" },
    ],
  );
});

Deno.test("R8 a file is given as far as it is text or an image", () => {
  const base64 = (mediaType: string) => ({ kind: "base64" as const, mediaType, data: "AAAA" });
  const { body, lost } = format({
    messages: [{
      role: "user",
      parts: [
        { type: "file", source: { kind: "text", text: "read me" } },
        { type: "file", source: base64("image/png") },
        { type: "file", source: base64("application/pdf") },
      ],
    }],
  });
  deepEqual(body.messages, [{ role: "user", content: "read me", images: ["AAAA"] }]);
  deepEqual(lost, [{ path: "messages[0].content[2]", reason: "Ollama takes no files" }]);
});

Deno.test("R8 parts that cannot be sent are losses, each by its place", () => {
  const parts: UserPart[] = [
    { type: "image", source: { kind: "url", url: "https://x.example/a.png" } },
    { type: "image", source: { kind: "file-id", id: "f" } },
    { type: "file", source: { kind: "url", url: "https://x.example/a.pdf" } },
    { type: "audio", data: "AAAA", format: "wav" },
    { type: "video", source: { kind: "url", url: "https://x.example/a.mp4" } },
    { type: "opaque", dialect: "gemini", value: {} },
  ];
  const { body, lost } = format({ messages: [{ role: "user", parts, name: "Ann" }] });
  const kinds = "a picture and a file and a recording and a video and something";
  deepEqual(body.messages, [{ role: "user", content: `[Here is ${kinds} that this model cannot be given]` }]);
  deepEqual(lost.map(({ path }) => path), ["messages[0].name", ...parts.map((_, at) => `messages[0].content[${at}]`)]);
  deepEqual(
    lostPaths({ messages: [{ role: "assistant", parts: [text("a"), { type: "redacted-reasoning", data: "x" }] }] }),
    ["messages[0].content[1]"],
  );
});

Deno.test("T16 a choice is the tools it leaves; what it demands is lost", () => {
  const tools = [tool("f"), tool("g"), tool("h")];
  const chosen = (toolChoice: ToolChoice) => {
    const { body, lost } = format({ tools, toolChoice });
    const names = (body.tools as { function: { name: string } }[] | undefined)?.map((tool) => tool.function.name);
    return [names, lost.map(({ path }) => path)];
  };
  deepEqual(chosen({ mode: "auto" }), [["f", "g", "h"], []]);
  deepEqual(chosen({ mode: "none" }), [undefined, []]);
  deepEqual(chosen({ mode: "required" }), [["f", "g", "h"], ["toolChoice"]]);
  deepEqual(chosen({ mode: "tool", name: "g" }), [["g"], ["toolChoice"]]);
  deepEqual(chosen({ mode: "allowed", names: ["f", "h"], required: false }), [["f", "h"], []]);
  deepEqual(chosen({ mode: "allowed", names: ["f"], required: true }), [["f"], ["toolChoice"]]);
});

Deno.test("T18 T24 tools that Ollama does not have are left out, and strictness is lost", () => {
  const { body, lost } = format({
    tools: [
      { type: "server", dialect: "anthropic", kind: "web-search", value: {} },
      { type: "custom", name: "c" },
      { type: "function", name: "f", strict: true },
    ],
  });
  const parameters = {
    type: "object",
    properties: { input: { type: "string", description: "The tool's whole input, as plain text" } },
    required: ["input"],
  };
  deepEqual(body.tools, [
    { type: "function", function: { name: "c", parameters } },
    { type: "function", function: { name: "f", parameters: empty } },
  ]);
  deepEqual(lost.map(({ path }) => path), ["tools[1]", "tools[0]", "tools[2].strict"]);
});

Deno.test("L3 thinking is asked for as the model takes it", () => {
  const think = (reasoning: ReasoningRequest | undefined, thinking?: ModelFacts["thinking"]) => {
    const { body, lost } = format(reasoning === undefined ? {} : { reasoning }, thinking && { thinking });
    return [body.think, lost.length];
  };
  deepEqual(think(undefined), [undefined, 0]);
  deepEqual(think({ show: true }), [undefined, 0]);
  deepEqual(think({ effort: "none" }), [false, 0]);
  deepEqual(think({ budget: 0 }), [false, 0]);
  deepEqual(think({ budget: -1 }), [true, 0]);
  deepEqual(think({ effort: "minimal" }), ["low", 0]);
  deepEqual(think({ effort: "xhigh" }, "effort"), ["max", 0]);
  deepEqual(think({ budget: 4096 }, "effort"), ["low", 0]);
  deepEqual(think({ effort: "high" }, "budget"), [true, 1]);
  deepEqual(think({ effort: "none" }, "adaptive"), [false, 0]);
  deepEqual(think({ effort: "high" }, "none"), [undefined, 1]);
  deepEqual(think({ effort: "none" }, "none"), [undefined, 0]);
});

Deno.test("R11 O14 fields that Ollama does not have are losses", () => {
  const fields = {
    logitBias: { "1": 2 },
    verbosity: "low",
    user: "u",
    metadata: {},
    serviceTier: "flex",
    cacheKey: "k",
    n: 2,
    parallelToolCalls: false,
  };
  deepEqual(lostPaths(fields), Object.keys(fields));
  deepEqual(lostPaths({ n: 1, parallelToolCalls: true }), []);
});

Deno.test("fields of other dialects are losses, Ollama's own are kept", () => {
  const extra = { keep_alive: "5m", suffix: "s", options: { num_ctx: 4096, temperature: 9 } };
  deepEqual(lostPaths({ extra }), ["keep_alive", "suffix", "options"]);
  const fromChat = format({ extra, temperature: 1, source: { dialect: "ollama", body: {} } });
  deepEqual(fromChat.body.options, { num_ctx: 4096, temperature: 1 });
  equal(fromChat.body.keep_alive, "5m");
  const fromGenerate = format({ extra, source: { dialect: "ollama_generate", body: {} } });
  deepEqual(fromGenerate.lost.map(({ path }) => path), ["suffix"]);
  equal(fromGenerate.body.suffix, undefined);
});

for (const field of ["suffix", "template", "raw", "context", "width", "height", "steps"]) {
  Deno.test(`${field} is generate's alone, and lost where a chat is asked for`, () => {
    const { body, lost } = format({ extra: { [field]: 1 }, source: { dialect: "ollama_generate", body: {} } });
    deepEqual([body[field], lost.map(({ path }) => path)], [undefined, [field]]);
  });
}

Deno.test("formatRequest() of generate makes one prompt", () => {
  const image = { type: "image" as const, source: { kind: "base64" as const, mediaType: "image/png", data: "AAAA" } };
  const one = chatRequest({
    messages: [{ role: "system", parts: [text("s")] }, { role: "user", parts: [text("p"), image] }],
    extra: { suffix: "x", keep_alive: 0 },
    source: { dialect: "ollama_generate", body: {} },
  });
  deepEqual(ollamaGenerate.formatRequest(one, target()), {
    body: { model: "upstream", prompt: "p", system: "s", images: ["AAAA"], stream: false, suffix: "x", keep_alive: 0 },
    lost: [],
  });
  const several = ollamaGenerate.formatRequest(
    chatRequest({
      messages: [
        { role: "user", parts: [text("a")] },
        { role: "assistant", parts: [text("b")] },
        { role: "user", parts: [text("c")] },
      ],
      tools: [tool("f")],
    }),
    target(),
  );
  equal(several.body.prompt, "a\n\nb\n\nc");
  deepEqual(several.lost.map(({ path }) => path), ["tools", "messages"]);
});

Deno.test("R10 a client's own request is relayed byte for byte, but for the model and the stream", () => {
  const body = '{ "model" : "alias","options":{"temperature":1.0},  "unknown":1e2, "messages":[] }';
  const request = ollama.parseRequest(JSON.parse(body), { text: body });
  const relay = (stream: boolean, model = "alias") => ollama.relayRequest(body, request, target({ stream, model }));
  equal(relay(true), body);
  equal(relay(true, "llama3.2"), body.replace("alias", "llama3.2"));
  equal(relay(false), body.replace("[] }", '[],"stream":false }'));
});

Deno.test("parse(format(request)) is the request", () => {
  const word = fc.string({ minLength: 1 });
  const texts = fc.array(word.map(text), { minLength: 1, maxLength: 1 });
  const image = fc.base64String({ minLength: 4 }).map((data) => ({
    type: "image" as const,
    source: { kind: "base64" as const, mediaType: "image/png", data: `iVBORw0KGgo${data}` },
  }));
  const user = fc.record({
    role: fc.constant("user" as const),
    parts: fc.tuple(fc.array(image, { maxLength: 2 }), texts).map(([images, texts]) => [...images, ...texts]),
  });
  const system = fc.record({ role: fc.constant("system" as const), parts: texts });
  /** A turn with calls, and their results in order. */
  const turn = fc.record({
    thought: word,
    said: texts,
    calls: fc.array(fc.record({ name: word, json: fc.dictionary(word, fc.jsonValue()) }), { maxLength: 3 }),
    result: texts,
  });
  const options = fc.record({
    maxTokens: fc.integer({ min: 1 }),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
    topK: fc.nat(),
    seed: fc.integer(),
    stop: fc.array(word, { minLength: 1 }),
    logprobs: fc.boolean(),
    reasoning: fc.constantFrom<ReasoningRequest>({ effort: "none" }, { effort: "low", show: true }, {
      budget: -1,
      show: true,
    }),
    tools: fc.array(word.map((name): Tool => ({ type: "function", name, parameters: empty })), { minLength: 1 }),
  }, { requiredKeys: [] });

  fc.assert(fc.property(fc.array(fc.oneof(system, user, turn), { maxLength: 6 }), options, (turns, options) => {
    let made = 0;
    const messages = turns.flatMap((turn): Message[] => {
      if ("role" in turn) return [turn];
      const calls = turn.calls.map(({ name, json }) => ({
        type: "tool-call" as const,
        id: `id_${made++}`,
        name,
        json: JSON.stringify(json),
      }));
      return [
        { role: "assistant", parts: [{ type: "reasoning", text: turn.thought }, ...turn.said, ...calls] },
        ...calls.map(({ id, name }): Message => ({ role: "tool", callId: id, name, parts: turn.result })),
      ];
    });
    const request = chatRequest({ ...options, messages, source: { dialect: "ollama", body: {} } });
    const { body, lost } = ollama.formatRequest(request, target({ model: "alias", stream: true }));
    deepEqual(lost, []);
    const { source: _, ...read } = ollama.parseRequest(JSON.parse(JSON.stringify(body)), { text: "" });
    const { source: __, ...asked } = request;
    deepEqual(read, asked);
  }));
});
