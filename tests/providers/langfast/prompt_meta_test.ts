import assert from "node:assert/strict";
import type { ChatRequest, Message } from "../../../chat/request.ts";
import { lossList } from "../../../dialects/losses.ts";
import { formatMessages } from "../../../providers/langfast/messages.ts";
import { formatPromptMeta } from "../../../providers/langfast/prompt_meta.ts";
import { userRequest } from "./support.ts";

/** The meta of a request with these fields, without what every request has. */
function metaOf(fields: Partial<ChatRequest>): unknown {
  const { model: _, messages: __, stream: ___, ...meta } = JSON.parse(
    JSON.stringify(formatPromptMeta(userRequest("Hi", fields)).meta),
  );
  return meta;
}

function formatted(messages: Message[]) {
  const lost = lossList();
  return { messages: formatMessages(messages, lost), lost: lost.all() };
}

function lostOf(fields: Partial<ChatRequest>): string[] {
  return formatPromptMeta(userRequest("Hi", fields)).lost.map(({ path }) => path);
}

Deno.test("a bare request asks for text and sets nothing", () => {
  assert.deepEqual(metaOf({}), { response_format: "text" });
  assert.deepEqual(lostOf({}), []);
});

Deno.test("what a request asks for is sent under the service's names", () => {
  const fields: Partial<ChatRequest> = {
    maxTokens: 5,
    temperature: 0,
    topP: 1,
    frequencyPenalty: 0.5,
    presencePenalty: -0.5,
    reasoning: { effort: "max", summary: "auto" },
    verbosity: "low",
    output: { type: "json" },
  };
  assert.deepEqual(metaOf(fields), {
    response_format: "json_object",
    max_completion_tokens: 5,
    temperature: 0,
    top_p: 1,
    frequency_penalty: 0.5,
    presence_penalty: -0.5,
    reasoning_effort: "high",
    summary: "auto",
    verbosity: "low",
  });
  assert.deepEqual(lostOf(fields), []);
});

Deno.test("a thinking budget is asked for as the effort that grants it", () => {
  assert.deepEqual(metaOf({ reasoning: { budget: 5000 } }), { response_format: "text", reasoning_effort: "medium" });
});

Deno.test("what it has no place for is named as lost, and nothing else", () => {
  const fields: Partial<ChatRequest> = {
    tools: [{ type: "function", name: "f" }],
    toolChoice: { mode: "auto" },
    topK: 1,
    seed: 0,
    stop: ["."],
    n: 2,
    output: { type: "schema", schema: {} },
    extra: { new_field: 1 },
  };
  assert.deepEqual(lostOf(fields), ["tools", "topK", "seed", "stop", "n", "output", "new_field"]);
  assert.deepEqual(metaOf(fields), { response_format: "json_object" });
  assert.deepEqual(lostOf({ n: 1 }), []);
});

Deno.test("messages keep their roles and names, text parts are joined to one string", () => {
  const { messages, lost } = formatted([
    { role: "developer", parts: [{ type: "text", text: "Be " }, { type: "text", text: "brief" }] },
    { role: "user", name: "ann", parts: [{ type: "text", text: "Hi" }] },
    { role: "assistant", parts: [{ type: "refusal", text: "No" }] },
  ]);
  assert.deepEqual(messages, [
    { role: "developer", content: "Be brief" },
    { role: "user", name: "ann", content: "Hi" },
    { role: "assistant", content: "No" },
  ]);
  assert.deepEqual(lost, []);
});

Deno.test("images go as image_url parts, by URL or as data; text files as text", () => {
  const { messages, lost } = formatted([{
    role: "user",
    parts: [
      { type: "text", text: "What is this?" },
      { type: "image", source: { kind: "url", url: "https://host/a.png" }, detail: "low" },
      { type: "image", source: { kind: "base64", mediaType: "image/png", data: "AAAA" } },
      { type: "file", source: { kind: "text", text: "notes" } },
    ],
  }]);
  assert.deepEqual(messages, [{
    role: "user",
    content: [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: "https://host/a.png", detail: "low" } },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      { type: "text", text: "notes" },
    ],
  }]);
  assert.deepEqual(lost, []);
});

Deno.test("tools, thoughts and other media are left out and named, as is a message that has nothing else", () => {
  const history: Message[] = [
    {
      role: "user",
      parts: [
        { type: "audio", data: "AAAA", format: "wav" },
        { type: "text", text: "Hi" },
        { type: "image", source: { kind: "file-id", id: "file-1" } },
        { type: "file", source: { kind: "base64", mediaType: "application/pdf", data: "AAAA" } },
      ],
    },
    {
      role: "assistant",
      parts: [
        { type: "reasoning", text: "hm" },
        { type: "redacted-reasoning", data: "x" },
        { type: "tool-call", id: "1", name: "f", json: "{}" },
        { type: "opaque", dialect: "anthropic", value: {} },
      ],
    },
    { role: "tool", callId: "1", parts: [{ type: "text", text: "42" }] },
    { role: "user", parts: [{ type: "video", source: { kind: "url", url: "https://host/a.mp4" } }] },
  ];
  const { messages, lost } = formatted(history);
  assert.deepEqual(messages, [{ role: "user", content: "Hi" }]);
  assert.deepEqual(lost.map(({ path }) => path), [
    "messages[0].content[0]",
    "messages[0].content[2]",
    "messages[0].content[3]",
    "messages[1].content[0]",
    "messages[1].content[1]",
    "messages[1].content[2]",
    "messages[1].content[3]",
    "messages[2]",
    "messages[3].content[0]",
  ]);
});
