/** Tests of writing a request for an upstream, and of relaying the client's own. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json, JsonObject } from "../../../chat/json.ts";
import type { AssistantPart, ChatRequest, Message, Tool, ToolMessage, UserPart } from "../../../chat/request.ts";
import type { Quirks, Target } from "../../../dialects/dialect.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { assistant, sampleRequest, system, toolResult, user } from "../../chat/sample_request.ts";
import { request } from "./support.ts";

function target(quirks: Quirks = {}): Target {
  return { model: "up", stream: true, facts: {}, quirks };
}

function format(changes: Partial<ChatRequest>, quirks: Quirks = {}) {
  return openaiResponses.formatRequest(sampleRequest(changes), target(quirks));
}

/** The items that the messages become. */
function input(...messages: Message[]): Json | undefined {
  return format({ messages }).body.input;
}

const CALL: AssistantPart = { type: "tool-call", id: "call_1", name: "f", json: '{"a":1}' };

Deno.test("a request is written with the least that an upstream needs, and is not kept there", () => {
  assert.deepEqual(format({}), {
    body: {
      model: "up",
      input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hello there" }] }],
      stream: true,
      store: false,
    },
    lost: [],
  });
});

Deno.test("R6 a leading system message is the instructions, later ones and developers stay in place", () => {
  const { body } = format({ messages: [system("Be kind"), user("Hi"), system("Be brief")] });
  assert.equal(body.instructions, "Be kind");
  assert.deepEqual(body.input, [
    { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] },
    { type: "message", role: "system", content: [{ type: "input_text", text: "Be brief" }] },
  ]);
  assert.equal(format({ messages: [{ role: "developer", parts: [] }, user("Hi")] }).body.instructions, undefined);
  assert.equal(format({ messages: [system("alone")] }).body.instructions, undefined);
});

Deno.test("an assistant's turn is items in its order, texts in a row one message", () => {
  const text = (text: string): AssistantPart => ({ type: "text", text });
  assert.deepEqual(
    input(assistant(text("a"), { type: "refusal", text: "no" }, CALL, text("b")), toolResult("call_1", "1")),
    [
      {
        type: "message",
        role: "assistant",
        content: [{ type: "output_text", text: "a", annotations: [] }, { type: "refusal", refusal: "no" }],
      },
      { type: "function_call", call_id: "call_1", name: "f", arguments: '{"a":1}' },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "b", annotations: [] }] },
      { type: "function_call_output", call_id: "call_1", output: "1" },
    ],
  );
});

Deno.test("T14 T15 T23 ids and names that are not legal are rewritten, on call and result alike", () => {
  const call = (id: string): AssistantPart => ({ type: "tool-call", id, name: "my tool", json: "{}" });
  const items = input(assistant(call("call_f"), call("call_f")), toolResult("call_f", "1"), toolResult("call_f", "2"));
  assert.ok(Array.isArray(items));
  const ids = (items as JsonObject[]).map((item) => item.call_id);
  assert.deepEqual(ids.slice(0, 2), ids.slice(2));
  assert.notEqual(ids[0], ids[1]);
  const [long] = input(assistant({ ...CALL, id: "x".repeat(100) })) as JsonObject[];
  assert.equal(String(long?.call_id).length, 64);
  assert.match(String((items[0] as JsonObject).name), /^my_tool_\w+$/);
  const tools: Tool[] = [{ type: "function", name: "my tool" }];
  const { body } = format({ tools, toolChoice: { mode: "tool", name: "my tool" } });
  assert.equal((body.tools as JsonObject[])[0]?.name, (body.tool_choice as JsonObject).name);
});

Deno.test("T19 T21 results carry images, and failed calls say so", () => {
  const image = { type: "image", source: { kind: "url", url: "https://a.b/c.png" } } as const;
  const result = (message: Partial<ToolMessage>): Message => ({ role: "tool", callId: "c", parts: [], ...message });
  const output = (message: Partial<ToolMessage>) => (input(result(message)) as JsonObject[])[0]?.output;
  const text = { type: "text", text: "boom" } as const;
  assert.equal(output({ parts: [text], isError: true }), "Error: boom");
  assert.equal(output({}), "");
  assert.deepEqual(output({ parts: [text, image] }), [
    { type: "input_text", text: "boom" },
    { type: "input_image", image_url: "https://a.b/c.png", detail: "auto" },
  ]);
  assert.deepEqual(output({ parts: [image], isError: true }), [
    { type: "input_text", text: "Error:" },
    { type: "input_image", image_url: "https://a.b/c.png", detail: "auto" },
  ]);
});

Deno.test("calls of custom tools and their results have items of their own", () => {
  assert.deepEqual(input(assistant({ ...CALL, json: "*** x", custom: true }), toolResult("call_1", "ok")), [
    { type: "custom_tool_call", call_id: "call_1", name: "f", input: "*** x" },
    { type: "custom_tool_call_output", call_id: "call_1", output: "ok" },
  ]);
});

Deno.test("R8 media go out in the forms this API has; others are named as lost", () => {
  const parts: UserPart[] = [
    { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AA" }, detail: "high" },
    { type: "image", source: { kind: "file-id", id: "file" } },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "BB" } },
    { type: "file", source: { kind: "url", url: "https://a.b/c.pdf" }, filename: "c.pdf" },
    { type: "file", source: { kind: "text", text: "plain" } },
    { type: "file", source: { kind: "file-id", id: "file" } },
    { type: "audio", data: "CC", format: "wav" },
    { type: "video", source: { kind: "url", url: "https://a.b/c.mp4" } },
    { type: "opaque", dialect: "gemini", value: {} },
  ];
  const { body, lost } = format({ messages: [{ role: "user", parts }] });
  assert.deepEqual((body.input as JsonObject[])[0]?.content, [
    { type: "input_image", image_url: "data:image/png;base64,AA", detail: "high" },
    { type: "input_file", filename: "file", file_data: "data:application/pdf;base64,BB" },
    { type: "input_file", file_url: "https://a.b/c.pdf" },
    { type: "input_text", text: "plain" },
    { type: "input_audio", input_audio: { data: "CC", format: "wav" } },
  ]);
  assert.deepEqual(lost.map(({ path }) => path), [1, 5, 7, 8].map((at) => `messages[0].content[${at}]`));
});

// ── Thoughts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("K7 an upstream gets back what it thought itself, and nothing of what others did", () => {
  const own: AssistantPart = { type: "reasoning", text: "hm", signature: "openai_responses:gAAA" };
  const { body, lost } = format({
    messages: [
      system("Be kind"),
      assistant(
        own,
        { type: "reasoning", text: "", signature: "openai_responses:gB" },
        { type: "reasoning", text: "unsigned" },
        { type: "reasoning", text: "claude", signature: "EqQB" },
        { type: "redacted-reasoning", data: "x" },
        { type: "text", text: "b" },
      ),
    ],
  });
  assert.deepEqual((body.input as JsonObject[]).slice(0, -1), [
    { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "gAAA" },
    { type: "reasoning", summary: [], encrypted_content: "gB" },
  ]);
  assert.deepEqual(lost, [
    { path: "messages[1].content[2]", reason: "the thought is not signed" },
    { path: "messages[1].content[3]", reason: "the thought is signed by another vendor" },
    { path: "messages[1].content[4]", reason: "the thought is encrypted by another vendor" },
  ]);
});

Deno.test("K8 an upstream that wants its plain thoughts back gets them", () => {
  const messages = [assistant({ type: "reasoning", text: "hm" }, CALL), toolResult("call_1", "1")];
  const { body, lost } = format({ messages }, { replayReasoning: true });
  assert.deepEqual((body.input as JsonObject[])[0], {
    type: "reasoning",
    summary: [],
    content: [{ type: "reasoning_text", text: "hm" }],
  });
  assert.deepEqual(lost, []);
});

Deno.test("K12 thinking is asked for by effort, made of a budget where need be, and so are its signatures", () => {
  const { body } = format({ reasoning: { budget: 8000, show: true } });
  assert.deepEqual(body.reasoning, { effort: "medium", summary: "auto" });
  assert.deepEqual(body.include, ["reasoning.encrypted_content"]);
  const none = format({ reasoning: { effort: "none" } }).body;
  assert.deepEqual(none.reasoning, { effort: "none" });
  assert.equal(none.include, undefined);
});

Deno.test("what a client of this dialect said stays in its words where no stage altered it", () => {
  const body = {
    input: [{ type: "message", role: "assistant", phase: "commentary", content: [{ type: "output_text", text: "a" }] }],
    include: ["reasoning.encrypted_content", "file_search_call.results"],
    reasoning: { effort: "high", context: "auto" },
    text: { verbosity: "low", x_new: 1 },
    tools: [{ type: "function", name: "f", parameters: {}, defer_loading: true }],
    safety_identifier: "u",
    temperature: 2,
    x_new: { a: 1 },
  };
  const asked = request(body);
  const { temperature: _, ...rest } = asked;
  const { text: __, ...source } = asked.source;
  const altered = { ...rest, source, maxTokens: 50, toolChoice: { mode: "required" as const } };
  const written = openaiResponses.formatRequest(altered, target());
  const { temperature: ___, ...kept } = body;
  assert.deepEqual(written.body, {
    ...kept,
    model: "up",
    stream: true,
    store: false,
    max_output_tokens: 50,
    tool_choice: "required",
  });
  assert.deepEqual(written.lost, []);
  const silent = openaiResponses.formatRequest({ ...altered, reasoning: { effort: "none" }, topK: 1 }, target());
  assert.deepEqual(silent.body.reasoning, { effort: "none" });
  assert.deepEqual(silent.body.include, ["file_search_call.results"]);
});

Deno.test("K7 what another vendor signed is taken out of the client's own words", () => {
  const sealed = { type: "reasoning", summary: [], encrypted_content: "anystream.thought:EqQB" };
  const { body, lost } = openaiResponses.formatRequest(
    request({ input: [{ role: "user", content: "a" }, sealed], x_new: 1 }),
    target(),
  );
  assert.equal((body.input as unknown[]).length, 1);
  assert.equal(body.x_new, 1);
  assert.deepEqual(lost.map(({ path }) => path), ["messages[1].content[0]"]);
});

// ── Fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("parameters go to the names of this API", () => {
  const { body, lost } = format({
    maxTokens: 100,
    temperature: 0.1,
    topP: 0.2,
    logprobs: true,
    topLogprobs: 3,
    verbosity: "low",
    output: { type: "schema", schema: { type: "object" } },
    user: "u",
    metadata: { a: "b" },
    serviceTier: "flex",
    cacheKey: "k",
  });
  const { model: _, input: __, stream: ___, store: ____, ...rest } = body;
  assert.deepEqual(rest, {
    max_output_tokens: 100,
    temperature: 0.1,
    top_p: 0.2,
    top_logprobs: 3,
    include: ["message.output_text.logprobs"],
    text: { format: { type: "json_schema", name: "response", schema: { type: "object" } }, verbosity: "low" },
    user: "u",
    metadata: { a: "b" },
    service_tier: "flex",
    prompt_cache_key: "k",
  });
  assert.deepEqual(lost, []);
});

Deno.test("O14 R5 R11 parameters that this API lacks are named as lost", () => {
  const { lost } = format({
    ...{ topK: 1, minP: 0.1, presencePenalty: 1, frequencyPenalty: 1, repetitionPenalty: 1, seed: 1 },
    ...{ stop: ["x"], logitBias: { a: 1 }, n: 2, maxTokens: 1, extra: { cachedContent: "c" } },
  });
  assert.deepEqual(lost.map(({ path }) => path).sort(), [
    ...["cachedContent", "frequencyPenalty", "logitBias", "maxTokens", "minP", "n", "presencePenalty"],
    ...["repetitionPenalty", "seed", "stop", "topK"],
  ]);
});

Deno.test("a limit below the least that is taken is raised", () => {
  assert.equal(format({ maxTokens: 1 }).body.max_output_tokens, 16);
});

Deno.test("T16 T24 tools keep their strictness, which is off in all other dialects where nothing is said", () => {
  const tools: Tool[] = [{ type: "function", name: "f" }, { type: "function", name: "g", strict: true }];
  assert.deepEqual(format({ tools, toolChoice: { mode: "required" }, parallelToolCalls: false }).body.tools, [
    { type: "function", name: "f", parameters: null, strict: false },
    { type: "function", name: "g", parameters: null, strict: true },
  ]);
  const own = request({ tools: [{ type: "function", name: "f", parameters: {} }] });
  assert.deepEqual(openaiResponses.formatRequest(own, target()).body.tools, [
    { type: "function", name: "f", parameters: {} },
  ]);
  const without = format({ toolChoice: { mode: "auto" }, parallelToolCalls: true }).body;
  assert.equal("tool_choice" in without || "parallel_tool_calls" in without, false);
});

Deno.test("T18 server tools of other vendors become ours, or are named as lost", () => {
  const server = (kind: "web-search" | "code-execution" | "url-context"): Tool => ({
    type: "server",
    dialect: "anthropic",
    kind,
    value: { type: "x" },
  });
  const { body, lost } = format({ tools: [server("web-search"), server("code-execution"), server("url-context")] });
  assert.deepEqual(body.tools, [
    { type: "web_search" },
    { type: "code_interpreter", container: { type: "auto" } },
  ]);
  assert.deepEqual(lost, [{ path: "tools[2]", reason: "only anthropic runs this tool at the vendor" }]);
});

// ── Relay ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function relay(text: string, stream: boolean): string {
  const asked = openaiResponses.parseRequest(JSON.parse(text), { text });
  return openaiResponses.relayRequest(text, asked, { ...target(), stream });
}

Deno.test("R10 a relayed request is the client's own, but for model and stream", () => {
  const text = '{ "model" : "alias","input":"Hi", "temperature":1.0, "x_new":{"a":1e3},"stream":true}';
  assert.equal(
    relay(text, false),
    '{ "model" : "up","input":"Hi", "temperature":1.0, "x_new":{"a":1e3},"stream":false}',
  );
  assert.equal(relay('{"model":"up","input":"Hi"}', false), '{"model":"up","input":"Hi"}');
});

// ── Both ways ────────────────────────────────────────────────────────────────────────────────────────────────────────

const words = fc.string({ minLength: 1, maxLength: 8 });
const name = fc.stringMatching(/^[a-z_]{1,8}$/);
const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  words.map((text) => ({ type: "text" as const, text })),
  fc.constantFrom<UserPart>(
    { type: "image", source: { kind: "url", url: "https://a.b/c" }, detail: "auto" },
    { type: "image", source: { kind: "file-id", id: "file-1" }, detail: "low" },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "AA" }, filename: "a.pdf" },
    { type: "file", source: { kind: "url", url: "https://a.b/c.pdf" } },
    { type: "audio", data: "AA", format: "mp3" },
  ),
);
const thought = fc.record({ type: fc.constant("reasoning" as const), text: words, signature: words })
  .map((part) => ({ ...part, signature: `openai_responses:${part.signature}` }));
const turn = fc.record({
  thoughts: fc.array(thought, { maxLength: 2 }),
  text: fc.option(words),
  names: fc.array(name),
});

/** A turn of the assistant with its calls, and their results. */
function turnMessages({ thoughts, text, names }: { thoughts: AssistantPart[]; text: string | null; names: string[] }) {
  return (at: number): Message[] => {
    const calls = names.slice(0, 3).map((name, index): AssistantPart & { type: "tool-call" } => ({
      type: "tool-call",
      id: `call_${at}_${index}`,
      name,
      json: `{"n":${index}}`,
      ...(name.startsWith("x") && { custom: true }),
    }));
    const said: AssistantPart[] = text === null ? [] : [{ type: "text", text }];
    const parts = [...thoughts, ...said, ...calls];
    if (parts.length === 0) return [];
    const results = calls.map(({ id, name }): Message => ({
      role: "tool",
      callId: id,
      name,
      parts: [{ type: "text", text: `of ${id}` }],
    }));
    return [{ role: "assistant", parts }, ...results];
  };
}

const conversation = fc.array(fc.tuple(fc.array(userPart, { minLength: 1, maxLength: 3 }), turn), {
  minLength: 1,
  maxLength: 4,
}).map((turns) =>
  turns.flatMap(([parts, said], at): Message[] => [{ role: "user", parts }, ...turnMessages(said)(at)])
);

Deno.test("parseRequest(formatRequest(request)) is the request", () => {
  fc.assert(fc.property(conversation, fc.option(words), (messages, instructions) => {
    const { source: _, ...asked } = sampleRequest({
      messages: instructions === null ? messages : [system(instructions), ...messages],
      reasoning: { effort: "low", summary: "auto", show: true },
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: false },
        { type: "custom", name: "c", format: { type: "text" } },
      ],
      toolChoice: { mode: "allowed", names: ["f", "c"], required: true },
      parallelToolCalls: true,
      maxTokens: 99,
      output: { type: "schema", name: "n", schema: {}, strict: true },
      user: "u",
    });
    const source = request().source;
    const { body, lost } = openaiResponses.formatRequest({ ...asked, source }, { ...target(), model: asked.model });
    assert.deepEqual(lost, []);
    const { source: __, ...read } = openaiResponses.parseRequest(body, { text: JSON.stringify(body) });
    assert.deepEqual(read, asked);
  }));
});
