/** Tests of reading what a client asks. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import type { Json, JsonObject } from "../../../chat/json.ts";
import type { Message } from "../../../chat/request.ts";
import { request } from "./support.ts";

/** The messages of an input. */
function messages(...input: JsonObject[]): Message[] {
  return request({ input }).messages;
}

function refusal(body: JsonObject): { message: string; param: string | undefined } {
  try {
    request(body);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.kind, "invalid-request");
    return { message: error.message, param: error.param };
  }
  assert.fail("the body is refused");
}

const text = (text: string) => ({ type: "text", text });
const CALL = { type: "function_call", id: "fc_1", call_id: "call_1", name: "f", arguments: '{"a":1}' };
const CALL_2 = { ...CALL, id: "fc_2", call_id: "call_2", name: "g" };

// ── Input ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("a string is one user message, and instructions lead as a system message", () => {
  assert.deepEqual(request({ input: "Hi", instructions: "Be kind" }).messages, [
    { role: "system", parts: [text("Be kind")] },
    { role: "user", parts: [text("Hi")] },
  ]);
});

Deno.test("messages may come without a type, with text for content, and in any role", () => {
  assert.deepEqual(
    messages(
      { role: "developer", content: "a" },
      { type: "message", role: "system", content: [{ type: "input_text", text: "b" }] },
      { role: "user", content: "c" },
      { role: "assistant", content: "d" },
    ),
    [
      { role: "developer", parts: [text("a")] },
      { role: "system", parts: [text("b")] },
      { role: "user", parts: [text("c")] },
      { role: "assistant", parts: [text("d")] },
    ],
  );
});

Deno.test("R8 images, files and audio are read in all their forms", () => {
  const [message] = messages({
    role: "user",
    content: [
      { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "low" },
      { type: "input_image", image_url: "https://a.b/c.png", detail: null },
      { type: "input_image", file_id: "file-1" },
      { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,BBBB" },
      { type: "input_file", file_data: "CCCC" },
      { type: "input_file", file_url: "https://a.b/c.pdf" },
      { type: "input_file", file_id: "file-2" },
      { type: "input_audio", input_audio: { data: "DDDD", format: "wav" } },
    ],
  });
  assert.deepEqual(message?.parts, [
    { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AAAA" }, detail: "low" },
    { type: "image", source: { kind: "url", url: "https://a.b/c.png" } },
    { type: "image", source: { kind: "file-id", id: "file-1" } },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "BBBB" }, filename: "a.pdf" },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "CCCC" } },
    { type: "file", source: { kind: "url", url: "https://a.b/c.pdf" } },
    { type: "file", source: { kind: "file-id", id: "file-2" } },
    { type: "audio", data: "DDDD", format: "wav" },
  ]);
});

Deno.test("P5 T22 what the assistant did in a row is one message, its results follow one by one", () => {
  assert.deepEqual(
    messages(
      { role: "user", content: "Go" },
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "gA" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "On it", annotations: [] }] },
      CALL,
      CALL_2,
      { type: "function_call_output", call_id: "call_1", output: "one" },
      { type: "function_call_output", call_id: "call_2", output: [{ type: "input_text", text: "two" }] },
    ),
    [
      { role: "user", parts: [text("Go")] },
      {
        role: "assistant",
        parts: [
          { type: "reasoning", text: "hm", signature: "openai_responses:gA" },
          text("On it"),
          { type: "tool-call", id: "call_1", name: "f", json: '{"a":1}' },
          { type: "tool-call", id: "call_2", name: "g", json: '{"a":1}' },
        ],
      },
      { role: "tool", callId: "call_1", name: "f", parts: [text("one")] },
      { role: "tool", callId: "call_2", name: "g", parts: [text("two")] },
    ],
  );
});

Deno.test("two messages of the assistant in a row stay two, unless a call came before them", () => {
  const say = (text: string) => ({ role: "assistant", content: text });
  assert.equal(messages(say("a"), say("b")).length, 2);
  assert.equal(messages(CALL, say("a"), say("b")).length, 1);
});

Deno.test("T9 T10 arguments come as text, as an object, or not at all", () => {
  const json = (args: Json) => {
    const part = messages({ ...CALL, arguments: args })[0]?.parts[0];
    return part?.type === "tool-call" ? part.json : undefined;
  };
  assert.deepEqual(["", null, { a: 1 }, '{"b":2}'].map(json), ["{}", "{}", '{"a":1}', '{"b":2}']);
});

Deno.test("T19 the result of a call may hold images and files", () => {
  const output = [{ type: "input_text", text: "see" }, { type: "input_image", image_url: "https://a.b/c.png" }];
  assert.deepEqual(messages(CALL, { type: "function_call_output", call_id: "call_1", output })[1]?.parts, [
    text("see"),
    { type: "image", source: { kind: "url", url: "https://a.b/c.png" } },
  ]);
});

Deno.test("calls of custom tools have free text", () => {
  const call = { type: "custom_tool_call", call_id: "call_1", name: "patch", input: "*** x" };
  assert.deepEqual(messages(call, { type: "custom_tool_call_output", call_id: "call_1", output: "ok" }), [
    {
      role: "assistant",
      parts: [{ type: "tool-call", id: "call_1", name: "patch", json: "*** x", custom: true }],
    },
    { role: "tool", callId: "call_1", name: "patch", parts: [text("ok")] },
  ]);
});

Deno.test("refusals and items of server tools are kept", () => {
  const search = { type: "web_search_call", id: "ws_1", status: "completed" };
  const shot = { type: "computer_call_output", call_id: "c", output: {} };
  assert.deepEqual(
    messages({ role: "assistant", content: [{ type: "refusal", refusal: "No" }] }, search, shot),
    [
      {
        role: "assistant",
        parts: [{ type: "refusal", text: "No" }, { type: "opaque", dialect: "openai_responses", value: search }],
      },
      { role: "user", parts: [{ type: "opaque", dialect: "openai_responses", value: shot }] },
    ],
  );
});

Deno.test("a part that only this dialect knows is kept as a message of its own", () => {
  const content = [{ type: "input_text", text: "a" }, { type: "input_hologram", x: 1 }];
  assert.deepEqual(messages({ role: "user", content })[0]?.parts[1], {
    type: "opaque",
    dialect: "openai_responses",
    value: { type: "message", role: "user", content: [{ type: "input_hologram", x: 1 }] },
  });
});

// ── Thoughts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("K5 thoughts are read from summary or content, with or without a signature; empty items say nothing", () => {
  const parts = (item: JsonObject) =>
    messages({ role: "user", content: "x" }, { type: "reasoning", ...item })[1]?.parts;
  assert.deepEqual(parts({ summary: [{ text: "a" }, { text: "b" }] }), [{ type: "reasoning", text: "a\n\nb" }]);
  assert.deepEqual(parts({ summary: [], content: [{ type: "reasoning_text", text: "raw" }] }), [
    { type: "reasoning", text: "raw" },
  ]);
  assert.deepEqual(parts({ summary: [], encrypted_content: "gB" }), [
    { type: "reasoning", text: "", signature: "openai_responses:gB" },
  ]);
  assert.equal(parts({ id: "rs_1", summary: [] }), undefined);
});

Deno.test("K6 K11 what another vendor signed or encrypted comes back as it was given out", () => {
  const reasoning = (encrypted_content: string) => ({ type: "reasoning", summary: [], encrypted_content });
  assert.deepEqual(
    messages(
      reasoning("anystream.thought:EqQB"),
      reasoning("anystream.redacted:data"),
      reasoning("anystream.call:gemini:sig"),
      CALL,
      CALL_2,
    )[0]?.parts,
    [
      { type: "reasoning", text: "", signature: "EqQB" },
      { type: "redacted-reasoning", data: "data" },
      { type: "tool-call", id: "call_1", name: "f", json: '{"a":1}', signature: "gemini:sig" },
      { type: "tool-call", id: "call_2", name: "g", json: '{"a":1}' },
    ],
  );
});

Deno.test("K7 a body with what another vendor signed is not relayed to an upstream of this dialect", () => {
  const item = (encrypted_content: string) => ({ type: "reasoning", summary: [], encrypted_content });
  assert.notEqual(request({ input: [item("gAAAA")] }).source.text, undefined);
  assert.equal(request({ input: [item("anystream.thought:EqQB")] }).source.text, undefined);
});

// ── Fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("every parameter has its place, and those without one stay in extra", () => {
  const { messages: _, source: __, ...rest } = request({
    stream: true,
    max_output_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    top_logprobs: 2,
    include: ["reasoning.encrypted_content", "message.output_text.logprobs", "web_search_call.results"],
    parallel_tool_calls: false,
    reasoning: { effort: "high", summary: "concise" },
    text: { format: { type: "json_object" }, verbosity: "low" },
    user: "old",
    safety_identifier: "new",
    metadata: { a: "b" },
    service_tier: "flex",
    prompt_cache_key: "k",
    truncation: "auto",
    max_tool_calls: 3,
    previous_response_id: null,
    store: false,
    background: false,
  });
  assert.deepEqual(rest, {
    model: "alias",
    stream: true,
    includeUsage: true,
    maxTokens: 100,
    temperature: 0.5,
    topP: 0.9,
    logprobs: true,
    topLogprobs: 2,
    parallelToolCalls: false,
    reasoning: { effort: "high", summary: "concise", show: true },
    output: { type: "json" },
    verbosity: "low",
    user: "new",
    metadata: { a: "b" },
    serviceTier: "flex",
    cacheKey: "k",
    extra: { include: ["web_search_call.results"], truncation: "auto", max_tool_calls: 3 },
  });
});

Deno.test("what Codex always sends is no loss to an upstream of another dialect", () => {
  const { extra } = request({
    store: false,
    include: ["reasoning.encrypted_content"],
    truncation: "disabled",
    stream_options: { include_obfuscation: false },
    conversation: null,
  });
  assert.deepEqual(extra, {});
});

Deno.test("T24 tools are flat; those of the vendor's own stay as they are", () => {
  const search = { type: "web_search", search_context_size: "low" };
  assert.deepEqual(
    request({
      tools: [
        { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
        { type: "function", name: "g", description: null, parameters: null, strict: null },
        { type: "custom", name: "c", format: { type: "text" } },
        search,
        { type: "mcp", server_label: "x" },
        { type: "code_interpreter", container: "c" },
      ],
    }).tools,
    [
      { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
      { type: "function", name: "g" },
      { type: "custom", name: "c", format: { type: "text" } },
      { type: "server", dialect: "openai_responses", kind: "web-search", value: search },
      { type: "server", dialect: "openai_responses", kind: "other", value: { type: "mcp", server_label: "x" } },
      {
        type: "server",
        dialect: "openai_responses",
        kind: "code-execution",
        value: { type: "code_interpreter", container: "c" },
      },
    ],
  );
});

Deno.test("T16 every choice of tools is read; one of a server tool stays in extra", () => {
  const choice = (tool_choice: Json) => request({ tool_choice }).toolChoice;
  assert.deepEqual(["auto", "none", "required"].map(choice), [
    { mode: "auto" },
    { mode: "none" },
    { mode: "required" },
  ]);
  assert.deepEqual(choice({ type: "function", name: "f" }), { mode: "tool", name: "f" });
  assert.deepEqual(choice({ type: "custom", name: "c" }), { mode: "tool", name: "c" });
  const allowed = {
    type: "allowed_tools",
    mode: "required",
    tools: [{ type: "function", name: "f" }, { type: "mcp" }],
  };
  assert.deepEqual(choice(allowed), { mode: "allowed", names: ["f"], required: true });
  const hosted = request({ tool_choice: { type: "file_search" } });
  assert.equal(hosted.toolChoice, undefined);
  assert.deepEqual(hosted.extra, { tool_choice: { type: "file_search" } });
});

Deno.test("R7 a schema for the answer keeps its name and strictness", () => {
  const format = { type: "json_schema", name: "n", schema: { type: "object" }, strict: true, description: "d" };
  assert.deepEqual(request({ text: { format } }).output, {
    type: "schema",
    schema: { type: "object" },
    name: "n",
    strict: true,
    description: "d",
  });
});

Deno.test("an effort that is not known is left to upstreams of this dialect", () => {
  const { reasoning, extra } = request({ reasoning: { effort: "ultra", summary: null } });
  assert.equal(reasoning, undefined);
  assert.deepEqual(extra, { reasoning: { effort: "ultra" } });
});

// ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────

for (
  const [field, value, what] of [
    ["previous_response_id", "resp_1", "previous_response_id is set"],
    ["conversation", "conv_1", "conversation is set"],
    ["prompt", { id: "p" }, "prompt is set"],
    ["background", true, "background is true"],
    ["store", true, "store is true"],
  ] as const
) {
  Deno.test(`${field} counts on what is not kept, and is refused by name`, () => {
    assert.deepEqual(refusal({ [field]: value }), {
      message: `Cannot read the request as ${what}, and nothing that it could refer to is kept here`,
      param: field,
    });
  });
}

Deno.test("a reference to an item counts on what is not kept, and is refused by its place", () => {
  assert.deepEqual(refusal({ input: [{ role: "user", content: "a" }, { type: "item_reference", id: "msg_1" }] }), {
    message:
      "Cannot read the request as input[1] is a reference to an item, and nothing that it could refer to is kept here",
    param: "input[1]",
  });
});

for (
  const [body, message, param] of [
    [{ input: [] }, "input is an empty array, expected a non-empty array", "input"],
    [{ input: 5 }, "input is 5, expected string or array", "input"],
    [{ input: [{ ...CALL, name: undefined }] }, "input[0].name is missing, expected string", "input[0].name"],
    [
      { input: [{ role: "tool", content: "x" }] },
      'input[0].role is "tool", expected one of user, assistant, system, developer',
      "input[0].role",
    ],
    [
      { input: [{ role: "user", content: [{ type: "input_text" }] }] },
      "input[0].content[0].text is missing, expected string",
      "input[0].content[0].text",
    ],
    [
      { input: [{ role: "system", content: [{ type: "input_image", image_url: "x" }] }] },
      "input[0].content[0] is of type image, expected text",
      "input[0].content[0]",
    ],
    [
      { input: [{ role: "system", content: [{ type: "newer_part" }] }] },
      "input[0].content[0] is of type newer_part, expected text",
      "input[0].content[0]",
    ],
    [{ tools: [{ type: "function" }] }, "tools[0].name is missing, expected string", "tools[0].name"],
    [{ tools: [{ type: "custom" }] }, "tools[0].name is missing, expected string", "tools[0].name"],
    [{ temperature: "hot" }, 'temperature is "hot", expected number', "temperature"],
  ] satisfies [JsonObject, string, string][]
) {
  Deno.test(`a request is refused where ${message}`, () => {
    assert.deepEqual(refusal(body), { message: `Cannot read the request as ${message}`, param });
  });
}

Deno.test("H7 a body for Chat Completions is told where it belongs", () => {
  assert.deepEqual(refusal({ input: undefined, messages: [{ role: "user", content: "Hi" }] }), {
    message: "Cannot read the request as input is missing, and the body looks like one for /v1/chat/completions",
    param: "input",
  });
});
