/** Tests of reading a client's body. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { ChatRequest, Message } from "../../../chat/request.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { request, USER } from "./support.ts";

Deno.test("the least body is a request without a stream, with its own text as source", () => {
  const text = '{"model":"m","messages":[{"role":"user","content":"Hi"}]}';
  const messages: Message[] = [{ role: "user", parts: [{ type: "text", text: "Hi" }] }];
  assert.deepEqual(openaiChat.parseRequest(JSON.parse(text), { text }), {
    model: "m",
    messages,
    stream: false,
    includeUsage: false,
    extra: {},
    source: { dialect: "openai_chat", body: JSON.parse(text), text, parsed: { messages, tools: undefined } },
  });
});

Deno.test("a request that names no model leaves it to the catalogue", () => {
  for (const body of [{ messages: [USER] }, { model: null, messages: [USER] }]) {
    assert.equal(openaiChat.parseRequest(body, { text: "" }).model, "");
  }
});

const FIELDS: [body: JsonObject, expected: { [field in keyof ChatRequest]?: ChatRequest[field] | undefined }][] = [
  [{ stream: true }, { stream: true, includeUsage: false }],
  [{ stream: true, stream_options: { include_usage: true } }, { includeUsage: true }],
  [{ stream: false, stream_options: { include_usage: true } }, { includeUsage: false }],
  [{ max_tokens: 5 }, { maxTokens: 5 }],
  [{ max_completion_tokens: 6 }, { maxTokens: 6 }],
  [{ max_tokens: 5, max_completion_tokens: 6 }, { maxTokens: 6 }],
  [{ temperature: 0, top_p: 0.5, top_k: 3, min_p: 0.1 }, { temperature: 0, topP: 0.5, topK: 3, minP: 0.1 }],
  [
    { presence_penalty: 1, frequency_penalty: -1, repetition_penalty: 1.1 },
    { presencePenalty: 1, frequencyPenalty: -1, repetitionPenalty: 1.1 },
  ],
  [{ seed: 7, n: 2 }, { seed: 7, n: 2 }],
  [{ stop: "a" }, { stop: ["a"] }],
  [{ stop: ["a", "b"] }, { stop: ["a", "b"] }],
  [{ logprobs: true, top_logprobs: 0, logit_bias: { 5: -100 } }, {
    logprobs: true,
    topLogprobs: 0,
    logitBias: { 5: -100 },
  }],
  [{ reasoning_effort: "high" }, { reasoning: { effort: "high" } }],
  [{ reasoning: { max_tokens: 2000, exclude: true } }, { reasoning: { budget: 2000, show: false } }],
  [{ reasoning: { enabled: false } }, { reasoning: { effort: "none" } }],
  [{ reasoning_effort: "ultra" }, { reasoning: undefined, extra: { reasoning_effort: "ultra" } }],
  [{ response_format: { type: "json_object" } }, { output: { type: "json" } }],
  [
    { response_format: { type: "json_schema", json_schema: { name: "x", schema: { type: "object" }, strict: true } } },
    { output: { type: "schema", name: "x", schema: { type: "object" }, strict: true } },
  ],
  [{ verbosity: "low", user: "u", service_tier: "flex" }, { verbosity: "low", user: "u", serviceTier: "flex" }],
  [{ metadata: { a: "b" }, prompt_cache_key: "k" }, { metadata: { a: "b" }, cacheKey: "k" }],
  [{ parallel_tool_calls: false }, { parallelToolCalls: false }],
  [{ safety_identifier: "x", thinking: { type: "disabled" } }, {
    user: "x",
    extra: { thinking: { type: "disabled" } },
  }],
  [{ temperature: null, stop: null, tools: null, stream: null }, {
    temperature: undefined,
    stop: undefined,
    extra: {},
  }],
];

for (const [body, expected] of FIELDS) {
  Deno.test(`what ${JSON.stringify(body)} asks for`, () => {
    const parsed = request(body);
    for (const [name, value] of Object.entries(expected)) {
      assert.deepEqual(parsed[name as keyof ChatRequest], value, name);
    }
  });
}

const REFUSED: { name: string; body: unknown; param?: string; says: RegExp }[] = [
  { name: "no object", body: "Hi", says: /the body is "Hi", expected object/ },
  {
    name: "a model that is no text",
    body: { model: 7, messages: [USER] },
    param: "model",
    says: /model is 7, expected string/,
  },
  { name: "no messages", body: { model: "m" }, param: "messages", says: /messages is missing, expected array/ },
  {
    name: "an empty history",
    body: { model: "m", messages: [] },
    param: "messages",
    says: /messages is an empty array, expected a non-empty array/,
  },
  {
    name: "an unknown role",
    body: { model: "m", messages: [USER, { role: "robot" }] },
    param: "messages[1].role",
    says: /is "robot", expected one of system, developer, user, assistant, tool, function/,
  },
  {
    name: "an image without its address",
    body: { model: "m", messages: [{ role: "user", content: [{ type: "image_url", image_url: {} }] }] },
    param: "messages[0].content[0].image_url.url",
    says: /is missing, expected string/,
  },
  {
    name: "content of neither form",
    body: { model: "m", messages: [{ role: "user", content: 5 }] },
    param: "messages[0].content",
    says: /is 5, expected string or array/,
  },
  {
    name: "a result of no call",
    body: { model: "m", messages: [{ role: "tool", content: "a" }] },
    param: "messages[0].tool_call_id",
    says: /is missing/,
  },
  {
    name: "a call without a name",
    body: { model: "m", messages: [{ role: "assistant", tool_calls: [{ id: "a", function: {} }] }] },
    param: "messages[0].tool_calls[0].function.name",
    says: /is missing/,
  },
  {
    name: "a tool without a name",
    body: { model: "m", messages: [USER], tools: [{ type: "function", function: {} }] },
    param: "tools[0].function.name",
    says: /is missing/,
  },
  {
    name: "a choice of no tool",
    body: { model: "m", messages: [USER], tool_choice: "some" },
    param: "tool_choice",
    says: /is "some", expected one of auto, none, required/,
  },
  {
    name: "a temperature in words",
    body: { model: "m", messages: [USER], temperature: "hot" },
    param: "temperature",
    says: /is "hot", expected number/,
  },
  { name: "n of 0", body: { model: "m", messages: [USER], n: 0 }, param: "n", says: /is 0, expected at least 1/ },
  {
    name: "an unknown output",
    body: { model: "m", messages: [USER], response_format: { type: "xml" } },
    param: "response_format.type",
    says: /expected one of text, json_object, json_schema/,
  },
  {
    name: "H7 a body of the Responses API",
    body: { model: "m", input: "Hi" },
    param: "messages",
    says: /looks like one for \/v1\/responses/,
  },
  {
    name: "H7 a body of Gemini's",
    body: { contents: [] },
    param: "messages",
    says: /looks like one for the Gemini routes/,
  },
];

for (const { name, body, param, says } of REFUSED) {
  Deno.test(`a request is refused with the field at fault: ${name}`, () => {
    assert.throws(() => openaiChat.parseRequest(body, { text: "" }), (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.kind, "invalid-request");
      assert.equal(error.param, param);
      assert.match(error.message, says);
      return true;
    });
  });
}
