/** Tests of the strict reader: every rule it knows is broken once, and it must say so. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";
import { checkAnthropicStream } from "./anthropic_grammar.ts";

function frame(type: string, members: JsonObject = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}
function start(message: JsonObject = {}): string {
  const usage = { input_tokens: 1, output_tokens: 0 };
  const head = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [] };
  return frame("message_start", { message: { ...head, stop_reason: null, stop_sequence: null, usage, ...message } });
}
const open = (index: number, content_block: JsonObject) => frame("content_block_start", { index, content_block });
const grow = (index: number, delta: JsonObject) => frame("content_block_delta", { index, delta });
const close = (index: number) => frame("content_block_stop", { index });
function end(delta: JsonObject = {}, usage: JsonObject = { input_tokens: 1, output_tokens: 2 }): string {
  return frame("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null, ...delta }, usage });
}

const PING = 'event: ping\ndata: {"type": "ping"}\n\n';
const START = start();
const TEXT = open(0, { type: "text", text: "" });
const HELLO = grow(0, { type: "text_delta", text: "Hello" });
const CALL = open(0, { type: "tool_use", id: "toolu_1", name: "f", input: {} });
const ARGUMENTS = grow(0, { type: "input_json_delta", partial_json: '{"a":1}' });
const THOUGHT = open(0, { type: "thinking", thinking: "", signature: "" });
const SIGNED = grow(0, { type: "signature_delta", signature: "s" });
const STOP = frame("message_stop");
const CALLED = end({ stop_reason: "tool_use" });
const ERROR = frame("error", { error: { type: "api_error", message: "No" }, request_id: null });

Deno.test("checkAnthropicStream() reads a stream that keeps all rules", () => {
  const read = checkAnthropicStream([
    ...[PING, START, THOUGHT, grow(0, { type: "thinking_delta", thinking: "Hm" }), SIGNED, close(0)],
    ...[open(1, { type: "text", text: "" }), PING, grow(1, { type: "text_delta", text: "Hello" }), close(1)],
    ...[open(2, { type: "tool_use", id: "toolu_1", name: "f", input: {} })],
    ...[grow(2, { type: "input_json_delta", partial_json: "{}" }), close(2), CALLED, STOP],
  ]);
  assert.equal(read.text, "Hello");
  assert.equal(read.reasoning, "Hm");
  assert.deepEqual(read.blocks.map(({ type, signature }) => [type, signature]), [
    ...[["thinking", "s"], ["text", ""], ["tool_use", ""]],
  ]);
  assert.deepEqual(read.toolCalls, [{ id: "toolu_1", name: "f", arguments: "{}" }]);
  assert.equal(read.finish, "tool_use");
  assert.deepEqual(read.usage, { input_tokens: 1, output_tokens: 2 });
  assert.equal(read.head?.model, "m");
  assert.equal(read.pings, 2);
});

Deno.test("checkAnthropicStream() reads a stream that ends in an error, be it with an open block or none at all", () => {
  assert.deepEqual(checkAnthropicStream([START, CALL, ERROR]).error, { type: "api_error", message: "No" });
  assert.equal(checkAnthropicStream([ERROR]).head, undefined);
});

const BROKEN: [rule: RegExp, stream: string[]][] = [
  [/ends with message_stop or an error/, [START, TEXT, HELLO, close(0), end()]],
  [/final blank line/, ["event: ping\ndata: {}\n"]],
  [/LF only/, ["event: ping\r\ndata: {}\n\n"]],
  [/its name and one line of data/, [START, ": hi\n\n"]],
  [/its name and one line of data/, ['data: {"type":"ping"}\n\n']],
  [/name is its type/, ['event: ping\ndata: {"type":"pong"}\n\n']],
  [/an event that the clients know/, [START, frame("message_pause")]],
  [/one message_start/, [START, START]],
  [/message_start comes first/, [TEXT]],
  [/looks native/, [start({ id: "chatcmpl-1" })]],
  [/role is assistant/, [start({ role: "user" })]],
  [/model is named/, [start({ model: "" })]],
  [/content is empty/, [start({ content: [{}] })]],
  [/input_tokens is a number/, [start({ usage: { output_tokens: 1 } })]],
  [/prompt has tokens/, [start({ usage: { input_tokens: 0, output_tokens: 0 } })]],
  [/count from 0/, [START, open(1, { type: "text", text: "" })]],
  [/do not overlap/, [START, TEXT, open(1, { type: "text", text: "" })]],
  [/text of a text block is empty/, [START, open(0, { type: "text", text: "Hi" })]],
  [/input of a tool_use block is empty/, [START, open(0, { type: "tool_use", id: "a", name: "f", input: { a: 1 } })]],
  [/id of a call/, [START, open(0, { type: "tool_use", id: "a:1", name: "f", input: {} })]],
  [/call has a name/, [START, open(0, { type: "tool_use", id: "a", name: "", input: {} })]],
  [/ids are unique/, [START, CALL, close(0), open(1, { type: "tool_use", id: "toolu_1", name: "g", input: {} })]],
  [/without an open block/, [START, HELLO]],
  [/without an open block/, [START, TEXT, HELLO, close(0), HELLO]],
  [/index of the open block/, [START, TEXT, close(1)]],
  [/takes no thinking_delta/, [START, TEXT, grow(0, { type: "thinking_delta", thinking: "a" })]],
  [/one signature_delta/, [START, THOUGHT, SIGNED, SIGNED]],
  [/last delta of a thought/, [START, THOUGHT, SIGNED, grow(0, { type: "thinking_delta", thinking: "a" })]],
  [/no empty text block/, [START, TEXT, close(0)]],
  [/stopped before message_delta/, [START, TEXT, HELLO, end()]],
  [/message_delta comes before/, [START, STOP]],
  [/only message_stop follows/, [START, end(), end()]],
  [/is a stop reason/, [START, end({ stop_reason: "" })]],
  [/is a stop reason/, [START, end({ stop_reason: "stop" })]],
  [/output_tokens is a number/, [START, end({}, { input_tokens: 1, output_tokens: null })]],
  [/ends in tool_use/, [START, CALL, ARGUMENTS, close(0), end()]],
  [/there is a call/, [START, CALLED]],
  [/names what was hit/, [START, end({ stop_sequence: "x" })]],
  [/JSON/, [START, CALL, grow(0, { type: "input_json_delta", partial_json: '{"a"' }), close(0), CALLED]],
  [/nothing follows message_stop/, [START, end(), STOP, PING]],
  [/nothing follows an error/, [START, ERROR, PING]],
  [/holds nothing else/, [frame("error", { error: { type: "api_error", message: "No" }, request_id: null, code: 1 })]],
  [/type of an error/, [frame("error", { error: { type: "nil", message: "No" }, request_id: null })]],
  [/says what is wrong/, [frame("error", { error: { type: "api_error", message: "" }, request_id: null })]],
  [/request_id/, [frame("error", { error: { type: "api_error", message: "No" } })]],
];

BROKEN.forEach(([rule, stream], at) => {
  Deno.test(`checkAnthropicStream() finds what breaks ${rule} (${at})`, () => {
    assert.throws(() => checkAnthropicStream(stream.join("")), rule);
  });
});

Deno.test("checkAnthropicStream() takes half a call for what it is where the answer was cut short", () => {
  const half = grow(0, { type: "input_json_delta", partial_json: '{"a"' });
  const read = checkAnthropicStream([START, CALL, half, close(0), end({ stop_reason: "max_tokens" }), STOP]);
  assert.equal(read.toolCalls[0]?.arguments, '{"a"');
});
