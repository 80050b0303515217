/** Tests of the checker: every rule it knows is broken once, and it must say so. */

import assert from "node:assert/strict";
import { checkOpenaiResponsesStream } from "./openai_responses_grammar.ts";

// deno-lint-ignore no-explicit-any -- the events are broken on purpose
type Event = any;

const HEAD = {
  ...{ id: "resp_1", object: "response", created_at: 1, model: "m", status: "in_progress", error: null, output: [] },
  ...{ incomplete_details: null, instructions: null, metadata: {}, parallel_tool_calls: true, temperature: null },
  ...{ tool_choice: "auto", tools: [], top_p: null },
};
const USAGE = {
  ...{ input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  ...{ input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
};
const PART = { type: "output_text", text: "", annotations: [], logprobs: [] };
const NOTE = { type: "url_citation" };
const TEXT = { item_id: "msg_1", output_index: 1, content_index: 0 };
const SUMMARY = { item_id: "rs_1", output_index: 0, summary_index: 0 };
const CALL = { item_id: "fc_1", output_index: 2 };
const FULL = { ...PART, text: "Hi", annotations: [NOTE] };
const MESSAGE = { id: "msg_1", type: "message", status: "in_progress", role: "assistant", content: [] };
const CALLED = {
  id: "fc_1",
  type: "function_call",
  status: "in_progress",
  call_id: "call_1",
  name: "f",
  arguments: "",
};
const OUTPUT = [
  { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: "Hm" }], encrypted_content: "x" },
  { ...MESSAGE, status: "completed", content: [FULL] },
  { ...CALLED, status: "completed", arguments: "{}" },
];

/** A stream that keeps all rules; numbered when it is written. */
function events(): Event[] {
  return structuredClone([
    { type: "response.created", response: HEAD },
    { type: "response.in_progress", response: HEAD },
    { type: "response.output_item.added", output_index: 0, item: { id: "rs_1", type: "reasoning", summary: [] } },
    { type: "response.reasoning_summary_part.added", ...SUMMARY, part: { type: "summary_text", text: "" } },
    { type: "response.reasoning_summary_text.delta", ...SUMMARY, delta: "Hm" },
    { type: "response.reasoning_summary_text.done", ...SUMMARY, text: "Hm" },
    { type: "response.reasoning_summary_part.done", ...SUMMARY, part: { type: "summary_text", text: "Hm" } },
    { type: "response.output_item.done", output_index: 0, item: OUTPUT[0] },
    { type: "response.output_item.added", output_index: 1, item: MESSAGE },
    { type: "response.content_part.added", ...TEXT, part: PART },
    { type: "response.output_text.delta", ...TEXT, delta: "Hi", logprobs: [] },
    { type: "response.output_text.annotation.added", ...TEXT, annotation_index: 0, annotation: NOTE },
    { type: "response.output_text.done", ...TEXT, text: "Hi", logprobs: [] },
    { type: "response.content_part.done", ...TEXT, part: FULL },
    { type: "response.output_item.done", output_index: 1, item: OUTPUT[1] },
    { type: "response.output_item.added", output_index: 2, item: CALLED },
    { type: "response.function_call_arguments.delta", ...CALL, delta: "{}" },
    { type: "response.function_call_arguments.done", ...CALL, arguments: "{}" },
    { type: "response.output_item.done", output_index: 2, item: OUTPUT[2] },
    { type: "response.completed", response: { ...HEAD, status: "completed", output: OUTPUT, usage: USAGE } },
  ]);
}

const ERROR = { type: "server_error", code: "overloaded", message: "No", param: null };
const FAILURE: Event[] = [
  { ...ERROR, type: "error", error: ERROR },
  { type: "response.failed", response: { ...HEAD, status: "failed", error: { code: "overloaded", message: "No" } } },
];

function sse(all: readonly Event[]): string[] {
  return all.map((event, at) => `event: ${event.type}\ndata: ${JSON.stringify({ sequence_number: at, ...event })}\n\n`);
}

Deno.test("checkOpenaiResponsesStream() reads a stream that keeps all rules", () => {
  const read = checkOpenaiResponsesStream(sse(events()));
  assert.deepEqual([read.text, read.reasoning, read.finish, read.error], ["Hi", "Hm", "completed", undefined]);
  assert.deepEqual(read.toolCalls, [{ type: "function_call", id: "call_1", name: "f", arguments: "{}" }]);
  assert.deepEqual(read.usage, USAGE);
});

Deno.test("checkOpenaiResponsesStream() reads a stream that fails in an item", () => {
  const read = checkOpenaiResponsesStream(sse([...events().slice(0, 5), ...FAILURE]));
  assert.deepEqual(read.error, ERROR);
  assert.equal(read.finish, "failed");
});

/** The event of this type, the first or the one at `nth`. */
function find(all: Event[], type: string, nth = 0): Event {
  return all.filter((event) => event.type === type)[nth];
}

const BROKEN: [rule: string, change: (all: Event[]) => void | Event[]][] = [
  ["does not begin with response.created", (all) => all.slice(1)],
  ["is created twice", (all) => all.toSpliced(1, 0, all[0])],
  ["has items before it is in progress", (all) => all.toSpliced(1, 1)],
  ["repeats a number", (all) => void (all[5].sequence_number = 4)],
  ["changes its id", (all) => void (all[1].response.id = "resp_2")],
  ["has an id of another dialect", (all) => void (all[0].response.id = "chatcmpl-1")],
  ["has a response without tools", (all) => void delete all[0].response.tools],
  ["has a status that is not the event's", (all) => void (all.at(-1).response.status = "in_progress")],
  ["skips an output_index", (all) => void (find(all, "response.output_item.added", 1).output_index = 2)],
  ["opens an item within another", (all) => all.toSpliced(7, 1)],
  ["gives two items one id", (all) => void (find(all, "response.output_item.added", 1).item.id = "rs_1")],
  ["gives an item an id of another kind", (all) => void (find(all, "response.output_item.added").item.id = "msg_0")],
  ["opens a message that has content", (all) => {
    find(all, "response.output_item.added", 1).item.content = [PART];
  }],
  ["opens a call that has arguments", (all) => void (find(all, "response.output_item.added", 2).item.arguments = "{")],
  ["opens a call without a name", (all) => void (find(all, "response.output_item.added", 2).item.name = "")],
  ["has a part in an item of another kind", (all) => {
    find(all, "response.content_part.added").part = { type: "reasoning_text", text: "" };
  }],
  ["opens a part that has text", (all) => void (find(all, "response.content_part.added").part.text = "H")],
  ["skips a content_index", (all) => void (find(all, "response.content_part.added").content_index = 1)],
  ["has a delta without its part", (all) => all.toSpliced(9, 1)],
  ["has a delta under another item's id", (all) => void (find(all, "response.output_text.delta").item_id = "msg_2")],
  ["has a delta of another item", (all) => void (find(all, "response.output_text.delta").output_index = 0)],
  ["has an empty delta", (all) => all.toSpliced(10, 0, { ...all[10], delta: "" })],
  ["has a delta of text without logprobs", (all) => void delete find(all, "response.output_text.delta").logprobs],
  ["has a delta after the whole text", (all) => all.toSpliced(13, 0, all[10])],
  ["has a whole text that was not said", (all) => void (find(all, "response.output_text.done").text = "Ho")],
  ["ends a part before its text", (all) => all.toSpliced(12, 1)],
  ["ends a part that was not said", (all) => void (find(all, "response.content_part.done").part.text = "Ho")],
  ["misnumbers an annotation", (all) => {
    find(all, "response.output_text.annotation.added").annotation_index = 1;
  }],
  ["ends an item before its part", (all) => all.toSpliced(13, 1)],
  ["ends an item that was not said", (all) => {
    find(all, "response.output_item.done", 1).item = { ...OUTPUT[1], content: [] };
  }],
  ["ends an item in progress", (all) => void (find(all, "response.output_item.done", 1).item.status = "in_progress")],
  ["ends a call before its arguments", (all) => all.toSpliced(17, 1)],
  ["has whole arguments that were not said", (all) => {
    find(all, "response.function_call_arguments.done").arguments = "{ }";
  }],
  ["has a delta after the whole arguments", (all) => all.toSpliced(18, 0, all[16])],
  ["ends a call without arguments", (all) => [
    ...all.slice(0, 16),
    { ...all[17], arguments: "" },
    { ...all[18], item: { ...OUTPUT[2], arguments: "" } },
    { ...all[19], response: { ...all[19].response, output: [...OUTPUT.slice(0, 2), { ...OUTPUT[2], arguments: "" }] } },
  ]],
  ["ends with an item open", (all) => all.toSpliced(18, 1)],
  ["ends with an output that is not whole", (all) => void all.at(-1).response.output.pop()],
  ["ends with counts that lack one", (all) => void delete all.at(-1).response.usage.total_tokens],
  ["ends with counts that lack a detail", (all) => void (all.at(-1).response.usage.output_tokens_details = {})],
  ["completes with an error", (all) => void (all.at(-1).response.error = ERROR)],
  ["has no end", (all) => all.slice(0, -1)],
  ["goes on after its end", (all) => [...all, all[1]]],
  ["fails without an error event", (all) => [...all.slice(0, 5), FAILURE[1]]],
  ["goes on after an error", (all) => [...all.slice(0, 5), FAILURE[0], ...all.slice(5)]],
  ["ends at an error", (all) => [...all.slice(0, 5), FAILURE[0]]],
  ["has an error that is flat only", (all) => [...all.slice(0, 5), { ...ERROR, type: "error", error: {} }, FAILURE[1]]],
  ["has an error with two codes", (all) => [...all.slice(0, 5), { ...FAILURE[0], code: "x" }, FAILURE[1]]],
  ["fails with another code than its error", (all) => [
    ...all.slice(0, 5),
    FAILURE[0],
    { ...FAILURE[1], response: { ...FAILURE[1].response, error: { code: "x", message: "No" } } },
  ]],
  ["has an event that nobody knows", (all) => all.toSpliced(2, 0, { type: "response.heartbeat" })],
  ["tells of the progress of no item", (all) => all.toSpliced(2, 0, { type: "response.web_search_call.searching" })],
];

for (const [rule, change] of BROKEN) {
  Deno.test(`checkOpenaiResponsesStream() refuses a stream that ${rule}`, () => {
    const all = events();
    assert.throws(() => checkOpenaiResponsesStream(sse(change(all) ?? all)), assert.AssertionError);
  });
}

for (
  const [what, change] of [
    ["a comment", (text: string) => `: keep-alive\n\n${text}`],
    ["[DONE]", (text: string) => `${text}data: [DONE]\n\n`],
    ["an event without its name", (text: string) => text.replace(/^event: .*\n/, "")],
    ["an event under another's name", (text: string) => text.replace(/^event: .*\n/, "event: response.queued\n")],
    ["CRLF", (text: string) => text.replaceAll("\n", "\r\n")],
    ["half a last event", (text: string) => text.slice(0, -1)],
  ] as const
) {
  Deno.test(`checkOpenaiResponsesStream() refuses ${what}`, () => {
    assert.throws(() => checkOpenaiResponsesStream(change(sse(events()).join(""))), assert.AssertionError);
  });
}

Deno.test("F20 checkOpenaiResponsesStream() refuses frames that are not whole", () => {
  const [first = "", ...rest] = sse(events());
  assert.throws(() => checkOpenaiResponsesStream([first.slice(0, -1), "\n", ...rest]), assert.AssertionError);
});
