import assert from "node:assert/strict";
import type { ChatRequest, Message } from "../../chat/request.ts";
import { fitTools } from "../../dialects/fit_tools.ts";
import { ollama } from "../../dialects/ollama/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";

const NAME = "files.read:all";
const LEGAL = /^[a-zA-Z0-9_-]{1,64}$/;

const call = (id: string): Message => ({
  role: "assistant",
  parts: [{ type: "tool-call", id, name: NAME, json: "{}" }],
});
const result = (callId: string): Message => ({
  role: "tool",
  callId,
  name: NAME,
  parts: [{ type: "text", text: "1" }],
});

const request: ChatRequest = {
  model: "m",
  messages: [
    { role: "user", parts: [{ type: "text", text: "Hi" }] },
    call("a b"),
    result("a b"),
    call("a b"),
    result("a b"),
  ],
  tools: [{ type: "function", name: NAME }],
  toolChoice: { mode: "tool", name: NAME },
  user: "u".repeat(130),
  stream: false,
  includeUsage: false,
  extra: {},
  source: { dialect: "gemini", body: {} },
};

Deno.test("T14 T15 T23 tools, calls, results and choice are rewritten alike, and two calls of one id are told apart", () => {
  const { messages, tools, toolChoice } = fitTools(request);
  const calls = messages.flatMap((message) => message.role === "assistant" ? message.parts : []);
  const results = messages.flatMap((message) => message.role === "tool" ? [message] : []);
  const ids = calls.map((part) => part.type === "tool-call" ? part.id : "");
  assert.equal(new Set(ids).size, 2);
  assert.ok(ids.every((id) => LEGAL.test(id)));
  assert.deepEqual(results.map(({ callId }) => callId), ids);
  const names = [
    ...calls.map((part) => part.type === "tool-call" ? part.name : ""),
    ...results.map(({ name }) => name),
    tools?.[0]?.type === "function" ? tools[0].name : "",
    toolChoice?.mode === "tool" ? toolChoice.name : "",
  ];
  assert.equal(new Set(names).size, 1);
  assert.match(names[0] ?? "", LEGAL);
});

Deno.test("R11 a user's name that is too long for OpenAI is shortened, always to the same, and others are left", () => {
  const { user } = fitTools(request);
  assert.match(user ?? "", LEGAL);
  assert.equal(fitTools(request).user, user);
  assert.notEqual(fitTools({ ...request, user: "v".repeat(130) }).user, user);
  assert.equal(fitTools({ ...request, user: "me@home.example" }).user, "me@home.example");
});

for (const dialect of [openaiChat, ollama]) {
  Deno.test(`T23 ${dialect.name} sends another dialect's tools under legal names, and its own as they are`, () => {
    const target = { model: "m", stream: false, facts: {}, quirks: {} };
    const sent = (source: ChatRequest["source"]["dialect"]) =>
      JSON.stringify(dialect.formatRequest({ ...request, source: { dialect: source, body: {} } }, target).body);
    assert.ok(!sent("gemini").includes(NAME));
    assert.ok(sent(dialect.name).includes(NAME));
  });
}
