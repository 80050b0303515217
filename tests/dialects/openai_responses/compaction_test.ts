/** Tests of a conversation that is told shorter: how it is asked for, answered, and gone on with. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import type { ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import { lastWords } from "../../../dialects/openai_responses/compaction.ts";
import { openaiResponses } from "../../../dialects/openai_responses/mod.ts";
import { checkOpenaiResponsesStream } from "../../support/openai_responses_grammar.ts";
import { eventOf, OPTIONS } from "./support.ts";

const TRIGGER = { type: "compaction_trigger" };
const TARGET = { model: "m", stream: true, facts: {}, quirks: {} };
const TOOLS = [{ type: "function", name: "look", parameters: { type: "object" } }];
const HI = { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] };

function parse(...input: JsonObject[]) {
  const body = { model: "m", stream: true, tools: TOOLS, tool_choice: "auto", input };
  return openaiResponses.parseRequest(body, { text: JSON.stringify(body) });
}

/** The frames of a stream that answers a trigger with these events. */
function answer(...events: ChatEvent[]): string[] {
  const formatter = openaiResponses.eventFormatter(parse(HI, TRIGGER), OPTIONS);
  return [
    ...formatter.push({ events: [{ type: "start", id: "x", model: "m" }] }),
    ...formatter.push({ events }),
    ...formatter.end(),
  ];
}

/** The item that stands for a summary. */
function itemOf(summary: string): JsonObject {
  const { response } = eventOf(answer({ type: "text", text: summary }, { type: "finish", reason: "stop" }).at(-1));
  return response.output[0];
}

Deno.test("a trigger asks for a summary in words, without calls, and is not relayed", () => {
  const { messages, toolChoice, tools, source } = parse(HI, TRIGGER);
  assert.deepEqual(messages.map(({ role }) => role), ["user", "user"]);
  assert.match(JSON.stringify(messages[1]), /summary that you write now/);
  assert.deepEqual([toolChoice, tools?.length, source.text], [{ mode: "none" }, 1, undefined]);
  const { body } = openaiResponses.formatRequest(parse(HI, TRIGGER), TARGET);
  assert.equal(JSON.stringify(body).includes("compaction_trigger"), false);
  assert.deepEqual([body.tool_choice, (body.input as JsonObject[]).length], ["none", 2]);
});

Deno.test("the answer to it is one item, whatever else the model said, in a stream that clients read", () => {
  const frames = answer(
    { type: "reasoning", text: "Hm" },
    { type: "text", text: "They want " },
    { type: "text", text: "a cat" },
    { type: "tool-call", index: 0, id: "call_1", name: "look" },
    { type: "tool-arguments", index: 0, json: "{}" },
    { type: "usage", usage: { input: 9, output: 3 } },
    { type: "finish", reason: "tool-calls" },
  );
  checkOpenaiResponsesStream(frames.join(""));
  assert.deepEqual(frames.map((frame) => eventOf(frame).type), [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.output_item.done",
    "response.completed",
  ]);
  const { response } = eventOf(frames.at(-1));
  assert.deepEqual(response.output.map(({ type }: JsonObject) => type), ["compaction"]);
  assert.match(response.output[0].id, /^cmp_/);
  assert.deepEqual(eventOf(frames[3]).item, response.output[0]);
  assert.equal(response.usage.output_tokens, 3);
});

Deno.test("an upstream that ends without a word for it, or fails, is told as ever", () => {
  const open = answer({ type: "text", text: "They want a cat" });
  assert.deepEqual(eventOf(open.at(-1)).response.output.length, 1);
  const silent = eventOf(answer({ type: "reasoning", text: "Hm" }, { type: "finish", reason: "stop" }).at(-1));
  assert.deepEqual([silent.type, silent.response.output], ["response.completed", []]);
  const failed = answer({ type: "text", text: "They" }, {
    type: "error",
    error: new GatewayError("overloaded", "Cannot answer as the provider is overloaded"),
  });
  assert.deepEqual([eventOf(failed.at(-1)).type, eventOf(failed.at(-1)).response.output], ["response.failed", []]);
});

Deno.test("the item that a client brings back is told in words to every upstream, and is not relayed", () => {
  const item = itemOf("They want a cat");
  const { messages, toolChoice, source } = parse(HI, item, HI);
  assert.deepEqual([messages.map(({ role }) => role), toolChoice, source.text], [
    ["user", "user", "user"],
    { mode: "auto" },
    undefined,
  ]);
  assert.match(JSON.stringify(messages[1]), /summary of it, to go on from:\\n\\nThey want a cat/);
  const { body } = openaiResponses.formatRequest(parse(HI, item, HI), TARGET);
  assert.match(JSON.stringify(body.input), /They want a cat/);
  assert.equal(JSON.stringify(body.input).includes("anystream.summary"), false);
});

Deno.test("what OpenAI made of a conversation goes back to it as it came", () => {
  const theirs = { type: "compaction", id: "cmp_1", encrypted_content: "gAAAA" };
  const request = parse(HI, theirs);
  assert.ok(request.source.text?.includes("gAAAA"));
  assert.deepEqual(request.messages[1]?.parts, [{ type: "opaque", dialect: "openai_responses", value: theirs }]);
});

Deno.test("beside a summary stands what the user said last, for as long as there is room", () => {
  const said = (text: string): JsonObject => ({ type: "message", role: "user", content: text });
  const { messages } = parse(
    ...[said("x".repeat(59_000)), said("y".repeat(2_000)), HI, { ...HI, role: "assistant" }],
    ...[itemOf("They greeted"), said("z"), TRIGGER],
  );
  const texts = lastWords(messages).map(({ parts: [part] }) => part?.type === "text" && part.text.slice(0, 2));
  assert.deepEqual(texts, ["yy", "Hi", "z"]);
});
