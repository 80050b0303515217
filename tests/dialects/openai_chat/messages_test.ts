/** Tests of the messages of a history, read and written. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import type { ChatRequest, Message } from "../../../chat/request.ts";
import type { Quirks } from "../../../dialects/dialect.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { request, TARGET } from "./support.ts";

function parse(...messages: JsonObject[]): Message[] {
  return request({ messages }).messages;
}

/** A history that came from a client of another dialect. */
function foreign(messages: Message[]): ChatRequest {
  return { ...request(), messages, source: { dialect: "anthropic", body: {} } };
}

function format(given: ChatRequest, quirks: Quirks = {}, model = TARGET.model) {
  const { body, lost } = openaiChat.formatRequest(given, { ...TARGET, model, quirks });
  return { messages: body.messages, lost };
}

const CALL = { id: "a", type: "function", function: { name: "f", arguments: '{"x":1}' } };
const MARK = { type: "ephemeral" };

/** Messages that are the same when they were read and written again. */
const SAME: { name: string; messages: JsonObject[] }[] = [
  { name: "text", messages: [{ role: "user", content: "Hi", name: "ann" }] },
  { name: "a system message", messages: [{ role: "system", content: "Be kind" }] },
  {
    name: "several parts",
    messages: [{ role: "user", content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] }],
  },
  {
    name: "an image by its address",
    messages: [{
      role: "user",
      content: [{ type: "image_url", image_url: { url: "https://example.com/a.png", detail: "low" } }],
    }],
  },
  {
    name: "an image by its data",
    messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAEC" } }] }],
  },
  {
    name: "sound, video and files",
    messages: [{
      role: "user",
      content: [
        { type: "input_audio", input_audio: { data: "UklG", format: "wav" } },
        { type: "video_url", video_url: { url: "https://example.com/a.mp4" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
        { type: "file", file: { file_id: "file-1" } },
      ],
    }],
  },
  {
    name: "a part of a vendor's own",
    messages: [{ role: "user", content: [{ type: "input_video", input_video: { data: "x" } }] }],
  },
  {
    name: "R12 cache marks",
    messages: [
      { role: "system", content: [{ type: "text", text: "a", cache_control: MARK }] },
      { role: "user", content: [{ type: "text", text: "b", cache_control: MARK }] },
      { role: "assistant", content: null, tool_calls: [{ ...CALL, cache_control: MARK }] },
      { role: "tool", tool_call_id: "a", content: "1", cache_control: MARK },
    ],
  },
  {
    name: "T22 parallel calls and their results",
    messages: [
      { role: "assistant", content: null, tool_calls: [CALL, { ...CALL, id: "b" }] },
      { role: "tool", tool_call_id: "a", content: "1" },
      { role: "tool", tool_call_id: "b", content: "2" },
    ],
  },
  {
    name: "text beside a call",
    messages: [{ role: "assistant", content: "Let me look", tool_calls: [CALL] }],
  },
  {
    name: "a custom tool's call",
    messages: [{
      role: "assistant",
      content: null,
      tool_calls: [{ id: "a", type: "custom", custom: { name: "sh", input: "ls" } }],
    }],
  },
  { name: "a refusal", messages: [{ role: "assistant", content: null, refusal: "No" }] },
  { name: "an assistant that said nothing", messages: [{ role: "assistant", content: "" }] },
  {
    name: "K6 signed and encrypted thoughts",
    messages: [{
      role: "assistant",
      content: "a",
      reasoning_details: [
        { type: "reasoning.text", text: "Hm", signature: "s", index: 0 },
        { type: "reasoning.encrypted", data: "xyz", index: 1 },
      ],
    }],
  },
  {
    name: "K11 a call's thought signature",
    messages: [{
      role: "assistant",
      content: null,
      tool_calls: [{ ...CALL, extra_content: { google: { thought_signature: "s" } } }],
    }],
  },
  {
    name: "members of a vendor's own",
    messages: [{ role: "assistant", content: "a", prefix: true, audio: { id: "x" } }],
  },
  {
    name: "parts that no other dialect's assistant can say",
    messages: [{
      role: "assistant",
      content: [
        { type: "text", text: "a" },
        { type: "file", file: { file_id: "file-1" } },
        { type: "custom_part", x: 1 },
      ],
    }],
  },
  {
    name: "images that an assistant made",
    messages: [{
      role: "assistant",
      content: "a",
      images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAEC" } }],
    }],
  },
];

for (const { name, messages } of SAME) {
  Deno.test(`messages are written as they were read: ${name}`, () => {
    const { messages: written, lost } = format(request({ messages }));
    assert.deepEqual(written, messages);
    assert.deepEqual(lost, []);
  });
}

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("a result knows the name of its call", () => {
  const [, , result] = parse(
    { role: "user", content: "Hi" },
    { role: "assistant", tool_calls: [CALL] },
    { role: "tool", tool_call_id: "a", content: "1" },
  );
  assert.deepEqual(result, { role: "tool", callId: "a", name: "f", parts: [{ type: "text", text: "1" }] });
});

Deno.test("T15 the older function_call and its result are joined by a made id, another one for each call", () => {
  const messages = parse(
    { role: "assistant", content: null, function_call: { name: "f", arguments: "" } },
    { role: "function", name: "f", content: "1" },
    { role: "assistant", content: null, function_call: { name: "f", arguments: "{}" } },
    { role: "function", name: "f", content: "2" },
  );
  const ids = messages.map((message) =>
    message.role === "tool" ? message.callId : message.parts.map((part) => part.type === "tool-call" && part.id)[0]
  );
  assert.equal(ids[0], ids[1]);
  assert.equal(ids[2], ids[3]);
  assert.notEqual(ids[0], ids[2]);
  assert.deepEqual(messages[0]?.parts, [{ type: "tool-call", id: ids[0], name: "f", json: "{}" }]);
});

for (const given of ["", " ", null, {}]) {
  Deno.test(`T9 arguments ${JSON.stringify(given)} in a history are an empty object`, () => {
    const call = { id: "a", type: "function", function: { name: "f", arguments: given } };
    assert.deepEqual(parse({ role: "assistant", tool_calls: [call] })[0]?.parts, [
      { type: "tool-call", id: "a", name: "f", json: "{}" },
    ]);
  });
}

Deno.test("R1 empty content has no parts", () => {
  for (const content of ["", null, []]) assert.deepEqual(parse({ role: "user", content })[0]?.parts, []);
});

for (const name of ["reasoning_content", "reasoning", "reasoning_text", "thinking"]) {
  Deno.test(`K1 thoughts in a history are read from ${name}`, () => {
    assert.deepEqual(parse({ role: "assistant", content: "a", [name]: "Hm" })[0]?.parts, [
      { type: "reasoning", text: "Hm" },
      { type: "text", text: "a" },
    ]);
  });
}

Deno.test("K6 a signature without a text belongs to the text beside it", () => {
  const details = [{ type: "reasoning.text", signature: "s" }];
  const message = { role: "assistant", content: "", reasoning_content: "Hm", reasoning_details: details };
  assert.deepEqual(parse(message)[0]?.parts, [{ type: "reasoning", text: "Hm", signature: "s" }]);
});

Deno.test("K6 thoughts that nobody signed are not told a second time as details", () => {
  const messages = [{ role: "assistant", content: "a", reasoning_content: "Hm" }];
  assert.deepEqual(format(request({ messages }), { replayReasoning: true }), { messages, lost: [] });
  assert.deepEqual(format(request({ messages })), { messages: [{ role: "assistant", content: "a" }], lost: [] });
});

Deno.test("an answer that a client sends back as it got it is no vendor's own", () => {
  const message = { role: "assistant", content: "a", refusal: null, annotations: [], audio: null, tool_calls: null };
  assert.deepEqual(parse(message)[0]?.parts, [{ type: "text", text: "a" }]);
});

Deno.test("images may be given by their address alone, and files as bare base64", () => {
  const content = [{ type: "image_url", image_url: "https://example.com/a" }, {
    type: "file",
    file: { file_data: "JVBE" },
  }];
  assert.deepEqual(parse({ role: "user", content })[0]?.parts, [
    { type: "image", source: { kind: "url", url: "https://example.com/a" } },
    { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "JVBE" } },
  ]);
});

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("R6 developer messages are system messages for those that do not know them", () => {
  const given = request({ messages: [{ role: "developer", content: "a" }, { role: "system", content: "b" }] });
  const roles = (quirks: Quirks, known?: readonly ["developer"]) => {
    const facts = known === undefined ? {} : { roles: known };
    const { messages } = openaiChat.formatRequest(given, { ...TARGET, quirks, facts }).body;
    assert.ok(Array.isArray(messages));
    return messages.map((message) => (message as JsonObject).role);
  };
  assert.deepEqual(roles({}), ["system", "system"]);
  assert.deepEqual(roles({ developerRole: true }), ["developer", "system"]);
  assert.deepEqual(roles({}, ["developer"]), ["developer", "system"]);
});

Deno.test("R9 parts are joined for those that take text only, and what is no text is named as lost", () => {
  const content = [{ type: "text", text: "a" }, { type: "image_url", image_url: { url: "https://x" } }, {
    type: "text",
    text: "b",
  }];
  const { messages, lost } = format(request({ messages: [{ role: "user", content }] }), { flatContent: true });
  assert.deepEqual(messages, [{ role: "user", content: "a\n\nb" }]);
  assert.deepEqual(lost.map(({ path }) => path), ["messages[0].content"]);
  const texts = content.filter(({ type }) => type === "text");
  assert.deepEqual(format(request({ messages: [{ role: "user", content: texts }] }), { flatContent: true }), {
    messages: [{ role: "user", content: "a\n\nb" }],
    lost: [],
  });
});

Deno.test("Q6 marks of a client of another dialect are left out", () => {
  const part = { type: "text" as const, text: "a", cache: MARK };
  const { messages, lost } = format(
    foreign([{ role: "system", parts: [part, part] }, { role: "user", parts: [part] }]),
  );
  assert.deepEqual(messages, [{ role: "system", content: "a\n\na" }, { role: "user", content: "a" }]);
  assert.deepEqual(lost.map(({ path }) => path), ["cache"]);
});

Deno.test("Q6 Claude is told of marks whoever serves it, on the texts that bear them and on those of results", () => {
  const part = { type: "text" as const, text: "a", cache: MARK };
  const marked = { type: "text", text: "a", cache_control: MARK };
  const given = foreign([
    { role: "system", parts: [part] },
    { role: "user", parts: [{ type: "text", text: "b" }] },
    { role: "assistant", parts: [part, { type: "tool-call", id: "c", name: "f", json: "{}" }] },
    { role: "tool", callId: "c", cache: MARK, parts: [{ type: "text", text: "1" }, { type: "text", text: "2" }] },
  ]);
  const { messages, lost } = format(given, {}, "anthropic/claude-sonnet-5");
  assert.deepEqual((messages as JsonObject[]).map(({ content }) => content), [
    [marked],
    "b",
    [marked],
    [{ type: "text", text: "1" }, { type: "text", text: "2", cache_control: MARK }],
  ]);
  assert.deepEqual(lost, []);
  assert.deepEqual(format(given, { cacheMarks: false }, "anthropic/claude-sonnet-5").lost.map(({ path }) => path), [
    "cache",
  ]);
});

Deno.test("Q6 Claude caches for a client that has no marks, of whatever dialect", () => {
  const { messages } = format(
    foreign([{ role: "user", parts: [{ type: "text", text: "a" }] }, {
      role: "assistant",
      parts: [{ type: "text", text: "b" }],
    }, { role: "user", parts: [{ type: "text", text: "c" }] }]),
    {},
    "anthropic/claude-sonnet-5",
  );
  assert.deepEqual((messages as JsonObject[]).map(({ content }) => content), [
    ...["a", "b"],
    [{ type: "text", text: "c", cache_control: { type: "ephemeral" } }],
  ]);
});

Deno.test("T19 images of a run of results follow the whole run in one user message", () => {
  const image = { type: "image" as const, source: { kind: "base64" as const, mediaType: "image/png", data: "AAEC" } };
  const shown = { type: "image_url", image_url: { url: "data:image/png;base64,AAEC" } };
  const { messages } = format(foreign([
    { role: "tool", callId: "a", parts: [{ type: "text", text: "1" }, image] },
    { role: "tool", callId: "b", parts: [image] },
    { role: "user", parts: [{ type: "text", text: "Well?" }] },
    { role: "tool", callId: "c", parts: [image] },
  ]));
  assert.deepEqual(messages, [
    { role: "tool", tool_call_id: "a", content: "1" },
    { role: "tool", tool_call_id: "b", content: "The result is in the next message" },
    { role: "user", content: [shown, shown] },
    { role: "user", content: "Well?" },
    { role: "tool", tool_call_id: "c", content: "The result is in the next message" },
    { role: "user", content: [shown] },
  ]);
});

Deno.test("T20 results come before the words of the same turn", () => {
  const { messages } = format(foreign([
    { role: "tool", callId: "a", parts: [{ type: "text", text: "1" }] },
    { role: "user", parts: [{ type: "text", text: "Well?" }] },
  ]));
  assert.deepEqual((messages as JsonObject[]).map(({ role }) => role), ["tool", "user"]);
});

Deno.test("T21 a failed call says so in its text", () => {
  const { messages } = format(foreign([
    { role: "tool", callId: "a", parts: [{ type: "text", text: "No such file" }], isError: true },
  ]));
  assert.deepEqual(messages, [{ role: "tool", tool_call_id: "a", content: "Error: No such file" }]);
});

Deno.test("K7 unsigned thoughts are left out without a loss, signed ones of other vendors with one", () => {
  const { messages, lost } = format(foreign([
    { role: "assistant", parts: [{ type: "reasoning", text: "Hm" }, { type: "text", text: "a" }] },
    { role: "assistant", parts: [{ type: "reasoning", text: "Hm", signature: "s" }, { type: "text", text: "b" }] },
    { role: "assistant", parts: [{ type: "redacted-reasoning", data: "x" }, { type: "text", text: "c" }] },
  ]));
  assert.deepEqual(messages, ["a", "b", "c"].map((content) => ({ role: "assistant", content })));
  assert.deepEqual(lost.map(({ path }) => path), ["messages[1]", "messages[2]"]);
});

Deno.test("K8 thoughts go back to vendors that ask for them, on every turn that calls tools", () => {
  const call = { type: "tool-call" as const, id: "a", name: "f", json: "{}" };
  const { messages } = format(
    foreign([
      { role: "assistant", parts: [{ type: "reasoning", text: "Hm" }, call] },
      { role: "assistant", parts: [call] },
      { role: "assistant", parts: [{ type: "text", text: "a" }] },
    ]),
    { replayReasoning: true },
  );
  assert.deepEqual((messages as JsonObject[]).map((message) => message.reasoning_content), ["Hm", " ", undefined]);
});

Deno.test("R8 what this dialect has no form for is named as lost, with its place", () => {
  const { messages, lost } = format(foreign([
    {
      role: "user",
      parts: [
        { type: "text", text: "a" },
        { type: "image", source: { kind: "file-id", id: "x" } },
        { type: "video", source: { kind: "file-id", id: "x" } },
        { type: "file", source: { kind: "file-id", id: "x" } },
        { type: "opaque", dialect: "gemini", value: {} },
        { type: "file", source: { kind: "url", url: "https://example.com/a.pdf" } },
      ],
    },
    { role: "assistant", parts: [{ type: "opaque", dialect: "anthropic", value: {} }, { type: "text", text: "b" }] },
    {
      role: "assistant",
      parts: [{ type: "image", source: { kind: "url", url: "https://example.com/a.png" } }, {
        type: "text",
        text: "c",
      }],
    },
    { role: "tool", callId: "a", parts: [{ type: "image", source: { kind: "file-id", id: "x" } }] },
  ]));
  assert.deepEqual(lost.map(({ path }) => path), [
    "messages[0].content[1]",
    "messages[0].content[2]",
    "messages[0].content[3]",
    "messages[0].content[4]",
    "messages[0].content[5]",
    "messages[1]",
    "messages[2]",
    "messages[3].content[0]",
  ]);
  assert.deepEqual((messages as JsonObject[])[0]?.content, [
    { type: "text", text: "a" },
    { type: "text", text: "https://example.com/a.pdf" },
  ]);
});

Deno.test("a file of text is text", () => {
  const { messages } = format(foreign([
    { role: "user", parts: [{ type: "file", source: { kind: "text", text: "a,b" }, filename: "a.csv" }] },
  ]));
  assert.deepEqual(messages, [{ role: "user", content: "a,b" }]);
});
