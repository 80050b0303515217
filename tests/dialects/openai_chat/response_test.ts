/** Tests of whole answers, read and written. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import type { Reply, ReplyChoice, ReplyPart } from "../../../chat/reply.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { foldEvents } from "../../support/codec.ts";
import { OPTIONS, request, USAGE } from "./support.ts";

const HEAD = { id: "chatcmpl-1", object: "chat.completion", created: 500, model: "upstream-model" };
const CALL = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };

function answer(message: JsonObject, finish: string | null = "stop", more: JsonObject = {}): JsonObject {
  return {
    ...HEAD,
    choices: [{ index: 0, message: { role: "assistant", content: null, ...message }, finish_reason: finish }],
    usage: USAGE,
    ...more,
  };
}

function parse(body: unknown) {
  return openaiChat.parseResponse(body, JSON.stringify(body), {});
}

function parts(message: JsonObject, finish?: string): ReplyPart[] {
  return foldEvents(parse(answer(message, finish)).events).choices[0]?.parts ?? [];
}

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("a whole answer is a short stream, and may be relayed", () => {
  const body = answer({ content: "Hello" });
  assert.deepEqual(parse(body), {
    events: [
      { type: "start", id: "chatcmpl-1", model: "upstream-model", created: 500 },
      { type: "text", text: "Hello" },
      { type: "finish", reason: "stop", raw: "stop" },
      { type: "usage", usage: { input: 3, output: 2 } },
    ],
    last: true,
    raw: JSON.stringify(body),
  });
});

const PARTS: { name: string; message: JsonObject; finish?: string; expected: ReplyPart[] }[] = [
  {
    name: "K1 thoughts under another name",
    message: { content: "a", reasoning: "Hm" },
    expected: [{ type: "reasoning", text: "Hm" }, { type: "text", text: "a" }],
  },
  {
    name: "K2 thoughts in tags",
    message: { content: "<think>Hm</think>a" },
    expected: [{ type: "reasoning", text: "Hm" }, { type: "text", text: "a" }],
  },
  {
    name: "K2 a thought without an end",
    message: { content: "<think>Hm" },
    expected: [{ type: "reasoning", text: "Hm" }],
  },
  {
    name: "parallel calls, which have no index",
    message: { tool_calls: [CALL, { ...CALL, id: "b" }] },
    expected: [
      { type: "tool-call", id: "a", name: "f", json: "{}" },
      { type: "tool-call", id: "b", name: "f", json: "{}" },
    ],
  },
  {
    name: "T15 parallel calls with one id",
    message: { tool_calls: [CALL, CALL].map((call) => ({ ...call, function: { name: "f", arguments: '{"x":1}' } })) },
    expected: [
      { type: "tool-call", id: "a", name: "f", json: '{"x":1}' },
      { type: "tool-call", id: "made", name: "f", json: '{"x":1}' },
    ],
  },
  {
    name: "T10 arguments as an object",
    message: { tool_calls: [{ id: "a", function: { name: "f", arguments: { x: 1 } } }] },
    expected: [{ type: "tool-call", id: "a", name: "f", json: '{"x":1}' }],
  },
  {
    name: "the older function_call",
    message: { function_call: { name: "f", arguments: "{}" } },
    finish: "function_call",
    expected: [{ type: "tool-call", id: "made", name: "f", json: "{}" }],
  },
  { name: "a refusal", message: { refusal: "No" }, expected: [{ type: "refusal", text: "No" }] },
  {
    name: "an image",
    message: { images: [{ image_url: { url: "data:image/png;base64,AAEC" } }] },
    expected: [{ type: "media", mediaType: "image/png", data: "AAEC" }],
  },
];

for (const { name, message, finish, expected } of PARTS) {
  Deno.test(`what a whole answer says: ${name}`, () => {
    const found = parts(message, finish).map((part) =>
      part.type === "tool-call" && /^call_[0-9a-f]{16}$/.test(part.id) ? { ...part, id: "made" } : part
    );
    assert.deepEqual(found, expected);
  });
}

const NOT_RELAYED: { name: string; body: JsonObject }[] = [
  { name: "K1 thoughts under another name", body: answer({ content: "a", reasoning: "Hm" }) },
  { name: "K2 thoughts in tags", body: answer({ content: "<think>Hm</think>a" }) },
  { name: "no content, not even null", body: answer({ content: undefined, refusal: "No" }) },
  { name: "O13 empty text beside a call", body: answer({ content: "", tool_calls: [CALL] }, "tool_calls") },
  {
    name: "T9 a call without arguments",
    body: answer({ tool_calls: [{ ...CALL, function: { name: "f", arguments: "" } }] }, "tool_calls"),
  },
  { name: "T2 a call without an id", body: answer({ tool_calls: [{ ...CALL, id: "" }] }, "tool_calls") },
  { name: "A6 a stop after a call", body: answer({ tool_calls: [CALL] }, "stop") },
  { name: "a finish in upper case", body: answer({ content: "a" }, "STOP") },
  { name: "no finish", body: answer({ content: "a" }, null) },
  { name: "no choices", body: answer({}, "stop", { choices: [] }) },
  { name: "no object", body: answer({ content: "a" }, "stop", { object: "x" }) },
  { name: "no id", body: answer({ content: "a" }, "stop", { id: "" }) },
  { name: "no time", body: answer({ content: "a" }, "stop", { created: null }) },
  { name: "no role", body: answer({ content: "a", role: "model" }) },
];

for (const { name, body } of NOT_RELAYED) {
  Deno.test(`a whole answer that breaks the contract is not relayed: ${name}`, () => {
    assert.equal(parse(body).raw, undefined);
  });
}

Deno.test("R10 calls, thoughts and members of a vendor's own are relayed", () => {
  for (const message of [{ content: "a", reasoning_content: "Hm", x: 1 }, { tool_calls: [CALL] }]) {
    const finish = "tool_calls" in message ? "tool_calls" : "stop";
    assert.ok(parse(answer(message, finish)).raw, JSON.stringify(message));
  }
});

Deno.test("F14 what is no JSON object is malformed", () => {
  for (const body of ["Hi", 5, null, []]) {
    const [event] = parse(body).events;
    assert.equal(event?.type === "error" && event.error.kind, "upstream-malformed");
  }
});

Deno.test("an answer without choices says nothing, which is for others to judge", () => {
  for (const choices of [[], null, undefined]) {
    const { events } = parse({ ...HEAD, choices, usage: { prompt_tokens: 3, completion_tokens: 0 } });
    assert.deepEqual(events.map(({ type }) => type), ["start", "usage"]);
  }
});

Deno.test("an error with status 200 is an error", () => {
  const bodies = [{ error: { message: "No" } }, { object: "error", message: "No" }, answer({}, "error")];
  for (const body of bodies) {
    const beat = parse(body);
    assert.equal(beat.events.at(-1)?.type, "error");
    assert.equal(beat.raw, undefined);
  }
});

Deno.test("n choices are read, with their log probabilities", () => {
  const choice = (index: number) => ({
    index,
    message: { role: "assistant", content: `${index}` },
    logprobs: { content: [{ token: "a" }] },
    finish_reason: "stop",
  });
  const { choices } = foldEvents(parse({ ...HEAD, choices: [choice(0), choice(1)] }).events);
  assert.deepEqual(
    choices.map(({ parts, logprobs }) => [parts, logprobs]),
    ["0", "1"].map((text) => [
      [{ type: "text", text }],
      { content: [{ token: "a" }] },
    ]),
  );
});

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Answer {
  choices: { index: number; message: JsonObject; finish_reason: string; logprobs: unknown }[];
}

function format(choice: ReplyChoice, more: Partial<Reply> = {}, body: JsonObject = {}): Answer {
  const reply = { id: "msg_1", model: "claude", choices: [choice], ...more };
  return JSON.parse(JSON.stringify(openaiChat.formatResponse(reply, request(body), OPTIONS)));
}

function finishOf(parts: ReplyPart[], body: JsonObject = {}): string | undefined {
  return format({ parts }, {}, body).choices[0]?.finish_reason;
}

Deno.test("an answer is written with our id, the client's model, and its counts", () => {
  const finish = { reason: "stop" as const, raw: "end_turn" };
  const usage = { input: 3, output: 2, cached: 1 };
  assert.deepEqual(format({ parts: [{ type: "text", text: "Hello" }], finish }, { created: 7, usage }), {
    id: "chatcmpl-abc",
    object: "chat.completion",
    created: 7,
    model: "alias",
    choices: [{
      index: 0,
      message: { role: "assistant", content: "Hello", refusal: null },
      logprobs: null,
      finish_reason: "stop",
      native_finish_reason: "end_turn",
    }],
    usage: { ...USAGE, prompt_tokens_details: { cached_tokens: 1 } },
  });
});

const MESSAGES: { name: string; parts: ReplyPart[]; body?: JsonObject; expected: JsonObject }[] = [
  {
    name: "O13 calls alone have no text",
    parts: [{ type: "tool-call", id: "a", name: "f", json: "{}" }],
    expected: { content: null, tool_calls: [CALL] },
  },
  {
    name: "T9 a call without arguments",
    parts: [{ type: "tool-call", id: "a", name: "f", json: "" }],
    expected: { content: null, tool_calls: [CALL] },
  },
  {
    name: "text beside calls",
    parts: [{ type: "text", text: "a" }, { type: "tool-call", id: "a", name: "f", json: "{}" }],
    expected: { content: "a", tool_calls: [CALL] },
  },
  {
    name: "a refusal alone has no text",
    parts: [{ type: "refusal", text: "No" }],
    expected: { content: null, refusal: "No" },
  },
  { name: "nothing", parts: [], expected: { content: "" } },
  {
    name: "K14 thoughts",
    parts: [{ type: "reasoning", text: "Hm" }, { type: "text", text: "a" }],
    expected: { content: "a", reasoning_content: "Hm" },
  },
  {
    name: "K6 signed and encrypted thoughts",
    parts: [{ type: "reasoning", text: "Hm", signature: "s" }, { type: "redacted-reasoning", data: "x" }],
    expected: {
      content: "",
      reasoning_content: "Hm",
      reasoning_details: [
        { type: "reasoning.text", text: "Hm", signature: "s", index: 0 },
        { type: "reasoning.encrypted", data: "x", index: 1 },
      ],
    },
  },
  {
    name: "K11 a call's thought signature",
    parts: [{ type: "tool-call", id: "a", name: "f", json: "{}", signature: "s" }],
    expected: { content: null, tool_calls: [{ ...CALL, extra_content: { google: { thought_signature: "s" } } }] },
  },
  {
    name: "media and a vendor's own members",
    parts: [
      { type: "media", mediaType: "image/png", data: "AAEC" },
      { type: "opaque", dialect: "openai_chat", value: { audio: { id: "x" } } },
      { type: "opaque", dialect: "anthropic", value: { secret: 1 } },
    ],
    expected: {
      content: "",
      images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAEC" } }],
      audio: { id: "x" },
    },
  },
  {
    name: "a custom tool's call",
    parts: [{ type: "tool-call", id: "a", name: "sh", json: "ls" }],
    body: { tools: [{ type: "custom", custom: { name: "sh" } }] },
    expected: { content: null, tool_calls: [{ id: "a", type: "custom", custom: { name: "sh", input: "ls" } }] },
  },
  {
    name: "a custom tool's call by an upstream that knew a function",
    parts: [{ type: "tool-call", id: "a", name: "sh", json: '{"input":"ls"}' }],
    body: { tools: [{ type: "custom", custom: { name: "sh" } }] },
    expected: { content: null, tool_calls: [{ id: "a", type: "custom", custom: { name: "sh", input: "ls" } }] },
  },
  {
    name: "a custom tool's call whose free text looks like JSON",
    parts: [{ type: "tool-call", id: "a", name: "sh", json: '{"input":"ls"}', custom: true }],
    body: { tools: [{ type: "custom", custom: { name: "sh" } }] },
    expected: {
      content: null,
      tool_calls: [{ id: "a", type: "custom", custom: { name: "sh", input: '{"input":"ls"}' } }],
    },
  },
  {
    name: "one function_call for a client that sent functions",
    parts: [{ type: "tool-call", id: "a", name: "f", json: "{}" }, {
      type: "tool-call",
      id: "b",
      name: "g",
      json: "{}",
    }],
    body: { functions: [{ name: "f" }] },
    expected: { content: null, function_call: { name: "f", arguments: "{}" } },
  },
];

for (const { name, parts, body, expected } of MESSAGES) {
  Deno.test(`the message of an answer: ${name}`, () => {
    assert.deepEqual(format({ parts }, {}, body).choices[0]?.message, {
      role: "assistant",
      refusal: null,
      ...expected,
    });
  });
}

Deno.test("F10 an answer without a finish has the one that its parts call for", () => {
  const call: ReplyPart = { type: "tool-call", id: "a", name: "f", json: "{}" };
  assert.equal(finishOf([]), "stop");
  assert.equal(finishOf([call]), "tool_calls");
  assert.equal(finishOf([call], { functions: [{ name: "f" }] }), "function_call");
});

Deno.test("n choices, notes and log probabilities are written", () => {
  const choice = { parts: [], annotations: [{ type: "url_citation" }], logprobs: { content: [1] } };
  const { choices } = format(choice, { choices: [choice, { parts: [] }] });
  assert.deepEqual(choices.map(({ index }) => index), [0, 1]);
  assert.deepEqual(choices[0]?.message.annotations, [{ type: "url_citation" }]);
  assert.deepEqual(choices[0]?.logprobs, { content: [1], refusal: null });
});
