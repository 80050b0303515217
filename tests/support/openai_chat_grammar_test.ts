/** Tests of the checker: every rule it knows is broken once, and it must say so. */

import assert from "node:assert/strict";
import { checkOpenaiChatStream, type GrammarOptions } from "./openai_chat_grammar.ts";

const HEAD = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "m" };
const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

function sse(value: unknown): string {
  return `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}
function chunk(delta: object, finish: string | null = null, more: object = {}): string {
  return sse({ ...HEAD, choices: [{ index: 0, delta, finish_reason: finish }], ...more });
}
function call(call: object): string {
  return chunk({ tool_calls: [call] });
}

const ROLE = chunk({ role: "assistant", content: "" });
const HELLO = chunk({ content: "Hello" });
const STOP = chunk({}, "stop");
const CALLED = chunk({}, "tool_calls");
const COUNTS = sse({ ...HEAD, choices: [], usage: USAGE });
const DONE = sse("[DONE]");
const CALL = call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } });
const ERROR = sse({ error: { message: "No", type: "server_error", param: null, code: null } });

Deno.test("checkOpenaiChatStream() reads a stream that keeps all rules", () => {
  const read = checkOpenaiChatStream([": hi\n\n", ROLE, HELLO, CALL, CALLED, COUNTS, DONE], { includeUsage: true });
  assert.equal(read.text, "Hello");
  assert.deepEqual(read.toolCalls, [{ id: "a", type: "function", name: "f", arguments: "{}" }]);
  assert.equal(read.finish, "tool_calls");
  assert.deepEqual(read.usage, USAGE);
  assert.deepEqual(read.head, { id: "chatcmpl-1", created: 1, model: "m" });
});

Deno.test("checkOpenaiChatStream() reads a stream that ends in an error", () => {
  const read = checkOpenaiChatStream([ROLE, HELLO, ERROR], { includeUsage: true });
  assert.equal(read.error?.message, "No");
  assert.equal(read.finish, undefined);
});

const BROKEN: { rule: string; frames: string[]; options?: Partial<GrammarOptions>; says: RegExp }[] = [
  { rule: "O1", frames: [HELLO, STOP, DONE], says: /^O1/ },
  { rule: "O2, an id that changes", frames: [ROLE, chunk({}, "stop", { id: "other" }), DONE], says: /^O2/ },
  { rule: "O2, a time that changes", frames: [ROLE, chunk({}, "stop", { created: 2 }), DONE], says: /^O2/ },
  { rule: "O2, a model that changes", frames: [ROLE, chunk({}, "stop", { model: "n" }), DONE], says: /^O2/ },
  { rule: "O2, the object", frames: [chunk({ role: "assistant" }, null, { object: "x" }), DONE], says: /^O2/ },
  { rule: "O3, no finish", frames: [ROLE, HELLO, DONE], says: /^O3/ },
  { rule: "O3, nothing at all", frames: [DONE], says: /^O3/ },
  { rule: "O3, no key", frames: [sse({ ...HEAD, choices: [{ index: 0, delta: {} }] }), DONE], says: /^O3/ },
  { rule: "O3, an unknown word", frames: [ROLE, chunk({}, "STOP"), DONE], says: /^O3/ },
  { rule: "O4", frames: [ROLE, STOP, COUNTS, DONE], says: /^O4/ },
  { rule: "O5, none", frames: [ROLE, STOP, DONE], options: { includeUsage: true }, says: /^O5/ },
  { rule: "O5, two", frames: [ROLE, STOP, COUNTS, COUNTS, DONE], options: { includeUsage: true }, says: /^O5/ },
  { rule: "O5, too early", frames: [ROLE, COUNTS, STOP, DONE], options: { includeUsage: true }, says: /^O5/ },
  { rule: "O5, with choices", frames: [ROLE, chunk({}, "stop", { usage: USAGE }), DONE], says: /^O5/ },
  { rule: "O12", frames: [ROLE, chunk({ reasoning_content: "a" }, "stop"), DONE], says: /^O12/ },
  { rule: "O15, text after the finish", frames: [ROLE, STOP, HELLO, DONE], says: /^O15/ },
  { rule: "O15, a second finish", frames: [ROLE, STOP, STOP, DONE], says: /^O15/ },
  { rule: "K1", frames: [ROLE, chunk({ reasoning: "a" }), STOP, DONE], says: /^K1/ },
  { rule: "T2", frames: [ROLE, call({ index: 0, type: "function", function: { name: "f" } })], says: /^T2/ },
  { rule: "T3", frames: [ROLE, call({ id: "a", type: "function", function: { name: "f" } })], says: /^T3/ },
  {
    rule: "T4",
    frames: [ROLE, CALL, call({ index: 0, function: { name: "g" } })],
    says: /^T4/,
  },
  {
    rule: "T9",
    frames: [ROLE, call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } }), CALLED, DONE],
    says: /JSON/,
  },
  { rule: "T11", frames: [ROLE, call({ index: 1, id: "a", type: "function", function: { name: "f" } })], says: /^T11/ },
  {
    rule: "T15",
    frames: [ROLE, CALL, call({ index: 1, id: "a", type: "function", function: { name: "f" } })],
    says: /^T15/,
  },
  { rule: "a call's type", frames: [ROLE, call({ index: 0, id: "a", function: { name: "f" } })], says: /its type/ },
  { rule: "A6", frames: [ROLE, CALL, STOP, DONE], says: /^A6/ },
  { rule: "a finish without a call", frames: [ROLE, CALLED, DONE], says: /there is a call/ },
  { rule: "an index above n", frames: [sse({ ...HEAD, choices: [{ index: 1 }] }), DONE], says: /index below n/ },
  { rule: "E5, more after an error", frames: [ROLE, ERROR, DONE], says: /^E5/ },
  { rule: "E5, an error in a chunk", frames: [sse({ ...HEAD, error: {} })], says: /^E5/ },
  { rule: "E3", frames: [sse({ error: { message: "No" } })], says: /^E3/ },
  { rule: "F20, two events in one block", frames: [`${ROLE.trimEnd()}\n${DONE}`], says: /^F20/ },
  { rule: "F20, an event name", frames: [`event: x\n${DONE}`], says: /^F20/ },
  { rule: "nothing after [DONE]", frames: [ROLE, STOP, DONE, DONE], says: /nothing follows \[DONE\]/ },
  { rule: "an end", frames: [ROLE, STOP], says: /ends with/ },
  {
    rule: "the older form for others",
    frames: [ROLE, chunk({ function_call: { name: "f", arguments: "" } })],
    says: /function_call is for/,
  },
  {
    rule: "the newer form for clients of the older",
    frames: [ROLE, CALL],
    options: { legacy: true },
    says: /reads no/,
  },
];

for (const { rule, frames, options, says } of BROKEN) {
  Deno.test(`checkOpenaiChatStream() finds a break of ${rule}`, () => {
    assert.throws(() => checkOpenaiChatStream(frames, { includeUsage: false, ...options }), { message: says });
  });
}
