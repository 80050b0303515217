/** Tests of tools that are more than an upstream takes, folded into one that calls the others. */

import assert from "node:assert/strict";
import { foldTools, FURTHER, isFolded, unfold } from "../../chat/fold_tools.ts";
import { type ChatRequest, textOf, type Tool } from "../../chat/request.ts";
import { assistant, sampleRequest, system, toolResult, user } from "./sample_request.ts";

const tool = (name: string): Tool => ({
  ...{ type: "function", name, description: `Does ${name}` },
  parameters: { type: "object", properties: { x: { type: "number" } } },
});
const FOUR = ["a", "b", "c", "d"].map(tool);

function namesOf(request: ChatRequest | undefined): string[] | undefined {
  return request?.tools?.map((tool) => tool.type === "server" ? "server" : tool.name);
}

Deno.test("tools behind the limit are called by the last one, and described as an instruction behind the others", () => {
  const folded = foldTools(sampleRequest({ tools: FOUR, messages: [system("Be brief."), user("Hi")] }), 3);
  assert.deepEqual(namesOf(folded), ["a", "b", FURTHER]);
  const last = folded?.tools?.at(-1);
  assert.ok(last?.type === "function" && folded !== undefined && isFolded(folded));
  assert.deepEqual((last.parameters?.properties as { name: { enum: string[] } }).name.enum, ["c", "d"]);
  assert.deepEqual(folded.messages.map(({ role }) => role), ["system", "system", "user"]);
  const told = textOf(folded.messages[1]?.parts ?? []);
  assert.match(told, /## c\n\nDoes c\n\nSchema of its arguments: \{"type":"object","properties":\{"x"/);
  assert.doesNotMatch(told, /## b/);
  assert.equal(folded.source.text, undefined);
});

Deno.test("a request with no more tools than are taken stays, and so does one whose tools cannot be called by another", () => {
  assert.equal(foldTools(sampleRequest({ tools: FOUR }), 4), undefined);
  const servers = FOUR.map((): Tool => ({
    type: "server",
    dialect: "openai_chat",
    kind: "other",
    value: { type: "x" },
  }));
  assert.equal(foldTools(sampleRequest({ tools: servers }), 3), undefined);
  assert.equal(isFolded(sampleRequest({ tools: FOUR })), false);
});

Deno.test("what no other can call is kept wherever it stands, and so is the tool that is to be called", () => {
  const server: Tool = { type: "server", dialect: "openai_chat", kind: "other", value: { type: "x" } };
  const asked = sampleRequest({ tools: [...FOUR, server], toolChoice: { mode: "tool", name: "d" } });
  assert.deepEqual(namesOf(foldTools(asked, 4)), ["a", "d", "server", FURTHER]);
  const some = sampleRequest({ tools: FOUR, toolChoice: { mode: "allowed", names: ["a", "d"], required: true } });
  assert.deepEqual(foldTools(some, 3)?.toolChoice, { mode: "allowed", names: ["a", FURTHER], required: true });
});

Deno.test("calls of the past that are folded are told as calls of the one, with their results", () => {
  const messages = [
    user("Hi"),
    assistant(
      { type: "tool-call", id: "1", name: "d", json: '{"x":1}' },
      { type: "tool-call", id: "2", name: "a", json: '{"x":2}' },
    ),
    { ...toolResult("1", "one"), name: "d" },
    { ...toolResult("2", "two"), name: "a" },
  ];
  const told = foldTools(sampleRequest({ tools: FOUR, messages }), 3)?.messages.slice(2);
  const [calls] = told ?? [];
  assert.deepEqual(calls?.parts, [
    { type: "tool-call", id: "1", name: FURTHER, json: '{"name":"d","arguments":{"x":1}}' },
    { type: "tool-call", id: "2", name: "a", json: '{"x":2}' },
  ]);
  assert.deepEqual(told?.slice(1).map((message) => message.role === "tool" && message.name), [FURTHER, "a"]);
});

Deno.test("a call of the one is one of the tool that it names, whatever form its arguments have", () => {
  assert.deepEqual(unfold('{"name":"d","arguments":{"x":1}}'), { name: "d", json: '{"x":1}' });
  assert.deepEqual(unfold('{"name":"d","arguments":"{\\"x\\":1}"}'), { name: "d", json: '{"x":1}' });
  assert.deepEqual(unfold('{"name":"d"}'), { name: "d", json: "{}" });
  for (const odd of ["", "{", "[]", "null", '{"arguments":{}}']) assert.equal(unfold(odd), undefined, odd);
});
