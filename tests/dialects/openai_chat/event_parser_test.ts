/** Tests of reading an upstream's stream. */

import assert from "node:assert/strict";
import type { ChatEvent } from "../../../chat/event.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { beats, chunk, chunkOf, COUNTS, DONE, frame, relayed, ROLE, said, STOP, USAGE } from "./support.ts";

const HELLO = chunk({ content: "Hello" });
const FINISH: ChatEvent = { type: "finish", reason: "stop", raw: "stop" };
const text = (text: string): ChatEvent => ({ type: "text", text });
const thought = (text: string, signature?: string): ChatEvent => ({
  type: "reasoning",
  text,
  ...(signature !== undefined && { signature }),
});

function call(call: object, more: object = {}): string {
  return chunk({ tool_calls: [call], ...more });
}

function errorOf(frames: readonly string[], quirks = {}) {
  const last = said(frames, quirks).at(-1);
  assert.equal(last?.type, "error");
  return last.error;
}

// ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("F9 a finish without [DONE] is a whole answer", () => {
  assert.deepEqual(said([ROLE, HELLO, STOP]), [text("Hello"), FINISH]);
});

Deno.test("F10 [DONE] without a finish ends the answer, in tool-calls where there is one", () => {
  assert.deepEqual(said([ROLE, HELLO, DONE]), [text("Hello"), { type: "finish", reason: "stop" }]);
  const called = said([ROLE, call({ index: 0, id: "a", type: "function", function: { name: "f" } }), DONE]);
  assert.deepEqual(called.at(-1), { type: "finish", reason: "tool-calls" });
});

Deno.test("F11 an end without finish and without [DONE] is an error, after what was said", () => {
  assert.deepEqual(said([ROLE, HELLO]).at(0), text("Hello"));
  assert.equal(errorOf([ROLE, HELLO]).kind, "upstream-cut");
});

Deno.test("F11 an answer of which one choice is not finished is cut", () => {
  assert.equal(
    errorOf([ROLE, chunk({ role: "assistant", content: "a" }, null, { index: 1 }), STOP]).kind,
    "upstream-cut",
  );
});

Deno.test("F11 a stream that says nothing at all is cut", () => assert.equal(errorOf([]).kind, "upstream-cut"));

Deno.test("an answer that is [DONE] without a word has no events, as others judge emptiness", () => {
  assert.deepEqual(said([DONE]), []);
});

Deno.test("F8 nothing is heard after the last word", () => {
  const parser = openaiChat.eventParser({});
  assert.deepEqual(parser.push({ data: "[DONE]" }), { events: [], last: true });
  assert.deepEqual(parser.push({ data: HELLO.slice("data: ".length).trim() }), { events: [], last: true });
  assert.deepEqual(parser.end(), []);
});

Deno.test("O15 a second finish, and content after the first, is dropped and not relayed", () => {
  const frames = [ROLE, HELLO, STOP, HELLO, STOP, DONE];
  assert.deepEqual(said(frames), [text("Hello"), FINISH]);
  assert.deepEqual(relayed(frames), [true, true, true, false, false, false]);
});

Deno.test("O9 an empty finish_reason, or none, is no finish", () => {
  const absent = chunkOf({ choices: [{ index: 0, delta: { content: "b" } }] });
  const frames = [ROLE, chunk({ content: "a" }, ""), absent, STOP, DONE];
  assert.deepEqual(said(frames), [text("a"), text("b"), FINISH]);
  assert.deepEqual(relayed(frames), [true, false, false, true, false]);
});

Deno.test("A6 a stop after a tool call is tool-calls, and not relayed", () => {
  const frames = [ROLE, call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } }), STOP];
  assert.deepEqual(said(frames).at(-1), { type: "finish", reason: "tool-calls", raw: "stop" });
  assert.deepEqual(relayed(frames), [true, true, false]);
});

Deno.test("T13 a length with a call cut short stays a length", () => {
  const cut = call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"a' } });
  const frames = [ROLE, cut, chunk({}, "length")];
  assert.deepEqual(said(frames).at(-1), { type: "finish", reason: "length", raw: "length" });
  assert.deepEqual(relayed(frames), [true, true, true]);
  const empty = call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } });
  assert.deepEqual(relayed([ROLE, empty, chunk({}, "length")]), [true, true, true]);
});

Deno.test("A10 the stop string that was hit is named where vLLM names it", () => {
  assert.deepEqual(said([ROLE, chunk({}, "stop", { stop_reason: "END" })]), [
    { type: "finish", reason: "stop-sequence", raw: "stop", stopSequence: "END" },
  ]);
});

Deno.test("G5 a call that Gemini could not write is told by its own word behind OpenRouter's, and is no end to relay", () => {
  for (const native_finish_reason of ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"]) {
    const frames = [ROLE, HELLO, chunk({}, "stop", { native_finish_reason }), DONE];
    assert.deepEqual(said(frames).at(-1), { type: "finish", reason: "malformed", raw: native_finish_reason });
    assert.deepEqual(relayed(frames).slice(0, 3), [true, true, false]);
  }
});

Deno.test("an upstream that finishes in a word for failure has failed", () => {
  assert.equal(errorOf([ROLE, HELLO, chunk({}, "error")]).kind, "upstream-failure");
  const overloaded = chunkOf({
    choices: [{ index: 0, delta: {}, finish_reason: "insufficient_system_resource" }],
    usage: USAGE,
  });
  assert.equal(errorOf([ROLE, HELLO, overloaded]).kind, "overloaded");
});

// ── Errors and odd frames ────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("F17 an error in a chunk with content comes after the content", () => {
  const both = chunkOf({
    choices: [{ index: 0, delta: { content: "a" }, finish_reason: "error" }],
    error: { code: 502, message: "No" },
  });
  assert.deepEqual(said([ROLE, both]).map(({ type }) => type), ["text", "error"]);
  assert.equal(beats([ROLE, both]).at(-1)?.last, true);
});

const ERRORS: { name: string; frame: string; kind: string }[] = [
  { name: "OpenAI's", frame: frame({ error: { type: "rate_limit_error", code: null } }), kind: "rate-limit" },
  {
    name: "OpenRouter's, a status in `code`",
    frame: frame({ error: { code: 429, message: "No" } }),
    kind: "rate-limit",
  },
  { name: "a text", frame: frame({ error: "No" }), kind: "upstream-failure" },
  { name: "named by its event", frame: `event: error\n${frame({ message: "No" })}`, kind: "upstream-failure" },
  { name: "vLLM's, without an envelope", frame: frame({ object: "error", code: 400 }), kind: "invalid-request" },
];
for (const { name, frame: errorFrame, kind } of ERRORS) {
  Deno.test(`F17 an error inside the stream is an error: ${name}`, () => {
    assert.equal(errorOf([ROLE, HELLO, errorFrame, STOP]).kind, kind);
  });
}

Deno.test("F17 text that is held back is told before the error", () => {
  assert.deepEqual(said([ROLE, chunk({ content: "<thi" }), frame({ error: "No" })])[0], text("<thi"));
});

Deno.test("an error that is null is none", () => {
  assert.deepEqual(said([ROLE, chunkOf({ choices: [], error: null }), STOP]), [FINISH]);
});

for (const data of ["<html>", "5", "[]", '{"id":']) {
  Deno.test(`a frame that is no chunk is malformed: ${data}`, () => {
    assert.equal(errorOf([ROLE, frame(data)]).kind, "upstream-malformed");
  });
}

Deno.test("F12 a tolerant upstream's frame that is no JSON is text", () => {
  assert.deepEqual(said([ROLE, frame("Hello"), frame("5"), DONE], { tolerant: true }), [
    text("Hello"),
    text("5"),
    { type: "finish", reason: "stop" },
  ]);
});

Deno.test("O15 a tolerant upstream's text after the finish is dropped", () => {
  assert.deepEqual(said([ROLE, STOP, frame("Hello"), DONE], { tolerant: true }), [FINISH]);
});

Deno.test("F12 a tolerant upstream that never says more than text still has one finish", () => {
  assert.deepEqual(said([frame("Hello"), DONE], { tolerant: true }).map(({ type }) => type), ["text", "finish"]);
});

Deno.test("F4 empty data and chunks without choices say nothing", () => {
  assert.deepEqual(said([ROLE, "data:\n\n", frame({}), chunkOf({ choices: [] }), chunkOf({ choices: null }), STOP]), [
    FINISH,
  ]);
});

Deno.test("a member of the wrong type is as good as none", () => {
  const odd = frame({
    id: 7,
    created: "now",
    choices: [{ index: "0", delta: { role: 1, content: "a" }, finish_reason: 0 }],
  });
  assert.deepEqual(said([odd, STOP]), [text("a"), FINISH]);
});

// ── Content ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("the start comes once and first, from the first chunk that has an id", () => {
  const frames = [chunkOf({ id: "", model: "", created: 0, choices: [] }), ROLE, HELLO, STOP];
  const starts = beats(frames).map(({ events }) => events.map(({ type }) => type));
  assert.deepEqual(starts, [[], ["start"], ["text"], ["finish"], []]);
  assert.deepEqual(beats(frames)[1]?.events[0], {
    type: "start",
    id: "chatcmpl-1",
    model: "upstream-model",
    created: 500,
  });
});

Deno.test("O10 Azure's first chunk is neither a start nor an end", () => {
  const azure = chunkOf({ id: "", model: "", created: 0, choices: [], prompt_filter_results: [] });
  assert.deepEqual(relayed([azure, ROLE, HELLO]), [false, true, true]);
});

Deno.test("a chunk whose choice is none says nothing and is not relayed", () => {
  const none = chunkOf({ choices: [null] });
  assert.deepEqual(said([ROLE, none, HELLO]).slice(0, 1), [text("Hello")]);
  assert.deepEqual(relayed([ROLE, none, HELLO]), [true, false, true]);
});

Deno.test("n choices are told apart by their index, or by their place", () => {
  const both = chunkOf({ choices: [{ delta: { content: "a" } }, { delta: { content: "b" } }] });
  assert.deepEqual(said([both, chunk({ content: "c" }, null, { index: 1 })]).slice(0, 3), [
    text("a"),
    { ...text("b"), choice: 1 },
    { ...text("c"), choice: 1 },
  ]);
});

Deno.test("refusals, notes and log probabilities are told", () => {
  const annotation = { type: "url_citation", url_citation: { url: "https://example.com" } };
  const token = { token: "a", logprob: -1, bytes: null, top_logprobs: [] };
  const events = said([
    ROLE,
    chunk({ refusal: "No" }),
    chunk({ annotations: [annotation] }),
    chunk({ content: "a" }, null, { logprobs: { content: [token], refusal: null } }),
    STOP,
  ]);
  assert.deepEqual(events, [
    { type: "refusal", text: "No" },
    { type: "annotation", annotation },
    text("a"),
    { type: "logprobs", content: [token] },
    { type: "finish", reason: "refusal", raw: "stop" },
  ]);
});

Deno.test("images that a model made are media, and its sound stays in this dialect's words", () => {
  const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAEC" } };
  const events = said([ROLE, chunk({ images: [image] }), chunk({ audio: { id: "a", data: "AA" } }), STOP]);
  assert.deepEqual(events.slice(0, 2), [
    { type: "media", mediaType: "image/png", data: "AAEC" },
    { type: "opaque", dialect: "openai_chat", value: { audio: { id: "a", data: "AA" } } },
  ]);
});

// ── Usage ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("U6 counts on a chunk with content are told beside it, and the chunk is rewritten without them", () => {
  const frames = [
    ROLE,
    chunkOf({ choices: [{ index: 0, delta: { content: "a" }, finish_reason: null }], usage: USAGE }),
  ];
  assert.deepEqual(said(frames).slice(0, 2), [text("a"), { type: "usage", usage: { input: 3, output: 2 } }]);
  assert.deepEqual(relayed(frames), [true, false]);
});

Deno.test("O8 counts without choices, and Groq's, are told", () => {
  const groq = chunkOf({ x_groq: { usage: USAGE } });
  for (const counts of [COUNTS, groq, chunkOf({ usage: USAGE })]) {
    assert.deepEqual(said([ROLE, counts, STOP])[0], { type: "usage", usage: { input: 3, output: 2 } });
  }
});

// ── Thoughts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const THOUGHTS: { name: string; delta: object; expected: ChatEvent[]; relayed?: boolean }[] = [
  { name: "reasoning_content", delta: { reasoning_content: "a" }, expected: [thought("a")], relayed: true },
  { name: "reasoning", delta: { reasoning: "a" }, expected: [thought("a")] },
  { name: "reasoning, an object", delta: { reasoning: { content: "a" } }, expected: [thought("a")] },
  { name: "reasoning_text", delta: { reasoning_text: "a" }, expected: [thought("a")] },
  { name: "thinking", delta: { thinking: "a" }, expected: [thought("a")] },
  { name: "thinking, a list", delta: { thinking: [{ type: "text", text: "a" }] }, expected: [thought("a")] },
  {
    name: "reasoning_details, text",
    delta: { reasoning_details: [{ type: "reasoning.text", text: "a" }] },
    expected: [thought("a")],
  },
  {
    name: "reasoning_details, a summary",
    delta: { reasoning_details: [{ type: "reasoning.summary", summary: "a" }] },
    expected: [thought("a")],
  },
  {
    name: "reasoning_details, encrypted",
    delta: { reasoning_details: [{ type: "reasoning.encrypted", data: "xyz" }] },
    expected: [{ type: "redacted-reasoning", data: "xyz" }],
  },
  {
    name: "thinking_blocks",
    delta: { thinking_blocks: [{ type: "thinking", thinking: "a", signature: "s" }] },
    expected: [thought("a", "s")],
  },
  {
    name: "content in parts",
    delta: { content: [{ type: "thinking", thinking: [{ type: "text", text: "a" }] }] },
    expected: [thought("a")],
  },
  {
    name: "two names for the same",
    delta: { reasoning_content: "a", reasoning: "a", reasoning_details: [{ type: "reasoning.text", text: "a" }] },
    expected: [thought("a")],
  },
  {
    name: "a text beside a signature",
    delta: { reasoning_content: "a", reasoning_details: [{ type: "reasoning.text", signature: "s" }] },
    expected: [thought("a", "s")],
  },
  {
    name: "a text beside an encrypted block",
    delta: { reasoning: "a", reasoning_details: [{ type: "reasoning.encrypted", data: "xyz" }] },
    expected: [thought("a"), { type: "redacted-reasoning", data: "xyz" }],
  },
  {
    name: "empty forms",
    delta: { reasoning: "", reasoning_details: [], reasoning_content: "" },
    expected: [],
    relayed: true,
  },
];
for (const { name, delta, expected, relayed: isRelayed = false } of THOUGHTS) {
  Deno.test(`K1 thoughts are told once, whatever they are called: ${name}`, () => {
    assert.deepEqual(said([ROLE, chunk(delta), STOP]).slice(0, -1), expected);
    assert.equal(relayed([ROLE, chunk(delta), STOP])[1], isRelayed);
  });
}

Deno.test("K13 a thought that is repeated next to its signature is not doubled", () => {
  const signed = chunk({ reasoning_details: [{ type: "reasoning.text", text: "Let me see", signature: "s" }] });
  const frames = [ROLE, chunk({ reasoning_content: "Let me" }), chunk({ reasoning_content: " see" }), signed, STOP];
  assert.deepEqual(said(frames).slice(0, 3), [thought("Let me"), thought(" see"), thought("", "s")]);
});

Deno.test("K4 K5 a signature without a thought, and a second fragment of it, is kept", () => {
  const signature = (signature: string) => chunk({ reasoning_details: [{ type: "reasoning.text", signature }] });
  assert.deepEqual(said([ROLE, signature("a"), signature("b"), STOP]).slice(0, 2), [
    thought("", "a"),
    thought("", "b"),
  ]);
});

Deno.test("K2 a leading <think> is a thought, and its chunks are rewritten; later ones are relayed", () => {
  const frames = [
    ROLE,
    chunk({ content: "<think>a" }),
    chunk({ content: "</think>b" }),
    chunk({ content: "<think>" }),
    STOP,
  ];
  assert.deepEqual(said(frames), [thought("a"), text("b"), text("<think>"), FINISH]);
  assert.deepEqual(relayed(frames), [true, false, false, true, true]);
});

Deno.test("K2 tags are text where the quirk says so", () => {
  assert.deepEqual(said([ROLE, chunk({ content: "<think>a" }), STOP], { thinkTags: false })[0], text("<think>a"));
});

Deno.test("K2 held-back text comes before a finish, and before a call", () => {
  const called = call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } }, {
    content: "<",
  });
  assert.deepEqual(said([ROLE, chunk({ content: "<th" }, "stop")]), [text("<th"), FINISH]);
  assert.deepEqual(said([ROLE, chunk({ content: "<th" }), DONE])[0], text("<th"));
  assert.deepEqual(relayed([ROLE, chunk({ content: "<th" }), STOP]), [true, false, false]);
  assert.deepEqual(said([ROLE, called])[0], text("<"));
  assert.deepEqual(said([ROLE, chunk({ content: "<" }), called]).slice(0, 2).map(({ type }) => type), [
    "text",
    "tool-call",
  ]);
});

Deno.test("O12 a chunk of thoughts that also ends is not relayed", () => {
  assert.deepEqual(relayed([ROLE, chunk({ reasoning_content: "a" }, "stop")]), [true, false]);
});

// ── Tool calls ───────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("T6 a call that comes whole is told, and relayed with its id and name", () => {
  const frames = [ROLE, call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } })];
  assert.deepEqual(said(frames).slice(0, 2), [
    { type: "tool-call", index: 0, id: "a", name: "f" },
    { type: "tool-arguments", index: 0, json: "{}" },
  ]);
  assert.deepEqual(relayed(frames), [true, true]);
});

Deno.test("T7 a name and arguments in two deltas of one chunk are both told", () => {
  const both = chunk({
    tool_calls: [
      { index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } },
      { index: 0, function: { arguments: "{}" } },
    ],
  });
  assert.deepEqual(said([ROLE, both]).slice(0, 2).map(({ type }) => type), ["tool-call", "tool-arguments"]);
  assert.deepEqual(relayed([ROLE, both]), [true, true]);
});

Deno.test("T8 empty arguments say nothing, and are relayed", () => {
  const empty = call({ index: 0, function: { arguments: "" } });
  const frames = [ROLE, call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } }), empty];
  assert.equal(said(frames).filter(({ type }) => type === "tool-arguments").length, 1);
  assert.deepEqual(relayed(frames), [true, true, true]);
});

Deno.test("T9 the end of a call without arguments is rewritten, so that they can be added", () => {
  const called = call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: "" } });
  assert.deepEqual(relayed([ROLE, called, chunk({}, "tool_calls")]), [true, true, false]);
});

Deno.test("T10 arguments that come as an object are told as JSON text, and not relayed", () => {
  const frames = [ROLE, call({ index: 0, id: "a", type: "function", function: { name: "f", arguments: { a: 1 } } })];
  assert.deepEqual(said(frames)[1], { type: "tool-arguments", index: 0, json: '{"a":1}' });
  assert.deepEqual(relayed(frames), [true, false]);
});

Deno.test("T15 calls without an id get other ids in another answer", () => {
  const idOf = (answer: string) => {
    const members = {
      id: answer,
      choices: [{ delta: { tool_calls: [{ function: { name: "f", arguments: "{}" } }] } }],
    };
    const event = said([frame(members)]).find(({ type }) => type === "tool-call");
    return event?.type === "tool-call" && event.id;
  };
  assert.notEqual(idOf("one"), idOf("two"));
  assert.equal(idOf("one"), idOf("one"));
});

Deno.test("K11 a thought signature stays with its call", () => {
  const signed = call({
    index: 0,
    id: "a",
    type: "function",
    function: { name: "f" },
    extra_content: { google: { thought_signature: "s" } },
  });
  assert.deepEqual(said([ROLE, signed])[0], { type: "tool-call", index: 0, id: "a", name: "f", signature: "s" });
});

Deno.test("a custom tool's call is told with its free text", () => {
  const frames = [ROLE, call({ index: 0, id: "a", type: "custom", custom: { name: "sh", input: "ls" } })];
  assert.deepEqual(said(frames).slice(0, 2), [
    { type: "tool-call", index: 0, id: "a", name: "sh", custom: true },
    { type: "tool-arguments", index: 0, json: "ls" },
  ]);
  assert.deepEqual(relayed(frames), [true, true]);
});

Deno.test("the older function_call is a tool call, and rewritten", () => {
  const frames = [
    ROLE,
    chunk({ function_call: { name: "f", arguments: "" } }),
    chunk({ function_call: { arguments: "{}" } }),
    chunk({}, "function_call"),
  ];
  assert.deepEqual(said(frames).map(({ type }) => type), ["tool-call", "tool-arguments", "finish"]);
  assert.deepEqual(said(frames).at(-1), { type: "finish", reason: "tool-calls", raw: "function_call" });
  assert.deepEqual(relayed(frames), [true, false, false, false]);
});

// ── Relay ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const choice = { index: 0, delta: { content: "a" }, finish_reason: null };
const NOT_RELAYED: { rule: string; chunk: string; first?: string }[] = [
  { rule: "O1 a first chunk without a role", first: HELLO, chunk: HELLO },
  { rule: "O2 another id", chunk: chunkOf({ id: "x", choices: [choice] }) },
  { rule: "O2 another model", chunk: chunkOf({ model: "x", choices: [choice] }) },
  { rule: "O2 another time", chunk: chunkOf({ created: 1, choices: [choice] }) },
  { rule: "O2 another object", chunk: chunkOf({ object: "x", choices: [choice] }) },
  { rule: "O4 no choices and no counts", chunk: chunkOf({ choices: [] }) },
  { rule: "a choice without an index", chunk: chunkOf({ choices: [{ ...choice, index: null }] }) },
  { rule: "a choice without a delta", chunk: chunkOf({ choices: [{ index: 0, finish_reason: null }] }) },
  { rule: "a finish in upper case", chunk: chunk({}, "STOP") },
  { rule: "a finish of no vocabulary", chunk: chunk({}, "eos") },
  { rule: "a finish that every object has", chunk: chunk({}, "constructor") },
  { rule: "a call without an index", chunk: call({ id: "a", type: "function", function: { name: "f" } }) },
  { rule: "a call without an id", chunk: call({ index: 0, type: "function", function: { name: "f" } }) },
  { rule: "a call without a type", chunk: call({ index: 0, id: "a", function: { name: "f" } }) },
  {
    rule: "a call that is not the next",
    chunk: call({ index: 2, id: "a", type: "function", function: { name: "f" } }),
  },
  { rule: "a role of another's", chunk: chunk({ role: "model", content: "a" }) },
  { rule: "a named event", chunk: `event: chunk\n${HELLO}` },
];
for (const { rule, chunk: broken, first = ROLE } of NOT_RELAYED) {
  Deno.test(`what breaks the contract is not relayed: ${rule}`, () => {
    const parsed = beats(first === ROLE ? [ROLE, broken] : [broken]);
    assert.equal(parsed[0]?.raw !== undefined, first === ROLE);
    assert.equal(parsed[first === ROLE ? 1 : 0]?.raw, undefined);
  });
}

Deno.test("each choice must open with its role to be relayed", () => {
  const second = (delta: object) => chunk(delta, null, { index: 1 });
  assert.deepEqual(relayed([ROLE, second({ content: "a" })]), [true, false]);
  assert.deepEqual(relayed([ROLE, second({ role: "assistant" }), second({ content: "a" })]), [true, true, true]);
});

Deno.test("members that only the vendor knows are relayed", () => {
  const vendor = chunkOf({ choices: [{ ...choice, delta: { content: "a", x: 1 }, y: 2 }], usage: null, provider: "z" });
  assert.deepEqual(relayed([ROLE, vendor]), [true, true]);
});
