/** Tests of writing a stream for a client. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { writeStream } from "../../support/codec.ts";
import { checkOpenaiChatStream } from "../../support/openai_chat_grammar.ts";
import { beats, chunk, chunkOf, COUNTS, DONE, OPTIONS, ROLE, STOP, streamRequest, USAGE } from "./support.ts";

const START: ChatEvent = { type: "start", id: "msg_1", model: "claude", created: 7 };
const STOPPED: ChatEvent = { type: "finish", reason: "stop" };
const text = (text: string): ChatEvent => ({ type: "text", text });
const second = (text: string): ChatEvent => ({ type: "text", text, choice: 1 });

/** The frames for events of an upstream of another dialect. */
function write(events: readonly ChatEvent[], request: ChatRequest = streamRequest()): string[] {
  return writeStream(openaiChat.eventFormatter(request, OPTIONS), events.map((event) => ({ events: [event] })));
}

function read(events: readonly ChatEvent[], request: ChatRequest = streamRequest()) {
  const legacy = Array.isArray(request.source.body.functions);
  return checkOpenaiChatStream(write(events, request), { includeUsage: request.includeUsage, n: 2, legacy });
}

interface Delta {
  [name: string]: unknown;
  role?: string;
  tool_calls?: { extra_content?: unknown }[];
  reasoning_details?: { text?: string; signature?: string; index: number }[];
}

interface Chunk {
  choices: { delta: Delta; finish_reason: string | null; native_finish_reason?: string; logprobs?: unknown }[];
  usage?: unknown;
}

function json(frame: string | undefined): Chunk {
  return JSON.parse(frame?.slice("data: ".length) ?? "null");
}

function deltas(frames: readonly string[]): Delta[] {
  return frames.filter((frame) => frame !== DONE).flatMap((frame) => json(frame).choices).map(({ delta }) => delta);
}

// ── The frame of an answer ───────────────────────────────────────────────────────────────────────────────────────────

Deno.test("O1 O3 F20 a stream is role, content, finish and [DONE], each a frame of its own", () => {
  const head = { id: "chatcmpl-abc", object: "chat.completion.chunk", created: 7, model: "alias" };
  const entry = (delta: object, finish: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const frames = write([START, text("Hello"), STOPPED]);
  assert.deepEqual(frames.slice(0, -1).map(json), [
    entry({ role: "assistant", content: "" }),
    entry({ content: "Hello" }),
    entry({}, "stop"),
  ]);
  assert.equal(frames.at(-1), DONE);
});

Deno.test("O2 an upstream without an id, a model or a time gets ours", () => {
  assert.deepEqual(read([text("a"), STOPPED]).head, { id: "chatcmpl-abc", created: 1000, model: "alias" });
});

Deno.test("the preamble waits for the first word, so that a bad start can be retried", () => {
  const formatter = openaiChat.eventFormatter(streamRequest(), OPTIONS);
  assert.deepEqual(formatter.push({ events: [START, { type: "usage", usage: { input: 1, output: 1 } }] }), []);
  assert.equal(formatter.push({ events: [text("a")] }).length, 2);
});

Deno.test("E10 a second start, of a second attempt, writes no second preamble", () => {
  const frames = write([START, text("a"), { ...START, id: "msg_2" }, text("b"), STOPPED]);
  const stream = checkOpenaiChatStream(frames, { includeUsage: false });
  assert.equal(stream.text, "ab");
  assert.equal(deltas(frames).filter(({ role }) => role !== undefined).length, 1);
});

Deno.test("an answer that says nothing still has its role, one finish and [DONE]", () => {
  assert.equal(read([]).finish, "stop");
  assert.equal(write([]).length, 3);
});

Deno.test("F10 a choice that spoke and was not finished is finished", () => {
  assert.equal(read([text("a")]).finish, "stop");
  assert.equal(read([{ type: "tool-call", index: 0, id: "a", name: "f" }]).finish, "tool_calls");
  const both = read([text("a"), second("b"), { type: "finish", reason: "length", choice: 1 }]);
  assert.deepEqual(both.choices.map(({ finish }) => finish), ["stop", "length"]);
});

Deno.test("O15 what follows a finish is dropped", () => {
  const stream = read([text("a"), STOPPED, text("b"), { type: "finish", reason: "length" }]);
  assert.deepEqual([stream.text, stream.finish], ["a", "stop"]);
});

Deno.test("G20 each of n choices has its role and its finish", () => {
  const stream = read([text("a"), second("b"), STOPPED, { type: "finish", reason: "stop", choice: 1 }]);
  assert.deepEqual(stream.choices.map((choice) => choice.text), ["a", "b"]);
});

Deno.test("after the end nothing is written", () => {
  for (const last of ["end", "fail"] as const) {
    const formatter = openaiChat.eventFormatter(streamRequest(), OPTIONS);
    const error = new GatewayError("internal", "No");
    if (last === "end") formatter.end();
    else formatter.fail(error);
    assert.deepEqual(formatter.push({ events: [text("a")] }), []);
    assert.deepEqual(formatter.end(), []);
    assert.deepEqual(formatter.fail(error), []);
    assert.deepEqual(formatter.ping(0), []);
  }
});

// ── Failure ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("E5 a failure is one error frame, without a finish and without [DONE]", () => {
  const formatter = openaiChat.eventFormatter(streamRequest({ includeUsage: true }), OPTIONS);
  const error = new GatewayError("upstream-cut", "Cannot go on", { detail: "secret" });
  const frames = [...formatter.push({ events: [text("a")] }), ...formatter.fail(error), ...formatter.end()];
  const stream = checkOpenaiChatStream(frames, { includeUsage: true });
  assert.deepEqual(stream.error, { message: "Cannot go on", type: "server_error", param: null, code: "upstream_cut" });
  assert.deepEqual([stream.text, stream.finish], ["a", undefined]);
});

Deno.test("T12 an upstream that dies inside a call's arguments leaves no whole call", () => {
  const formatter = openaiChat.eventFormatter(streamRequest(), OPTIONS);
  const call: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "a", name: "f" },
    { type: "tool-arguments", index: 0, json: '{"a' },
  ];
  const frames = [...formatter.push({ events: call }), ...formatter.fail(new GatewayError("upstream-cut", "No"))];
  const stream = checkOpenaiChatStream(frames, { includeUsage: false });
  assert.deepEqual([stream.toolCalls[0]?.arguments, stream.finish], ['{"a', undefined]);
});

Deno.test("F17 an error event is told after what came with it", () => {
  const error = new GatewayError("overloaded", "No");
  const frames = write([text("a"), { type: "error", error }, text("b")]);
  const stream = checkOpenaiChatStream(frames, { includeUsage: false });
  assert.deepEqual([stream.text, stream.error?.code], ["a", "overloaded"]);
});

// ── Counts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const usage = (input: number): ChatEvent => ({ type: "usage", usage: { input, output: 2 } });

Deno.test("O4 a client that did not ask is told no counts", () => {
  for (const frame of write([text("a"), usage(1), STOPPED])) assert.ok(!frame.includes("usage"));
});

Deno.test("O5 U4 a client that asked is told the last counts once, between the finish and [DONE]", () => {
  const request = streamRequest({ includeUsage: true });
  const stream = read([usage(1), text("a"), STOPPED, usage(9)], request);
  assert.deepEqual(stream.usage, { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 });
  const frames = write([text("a"), STOPPED, usage(9)], request);
  assert.ok(frames.slice(0, 3).every((frame) => json(frame).usage === null));
});

// ── Content ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("T3 T11 calls have their index, id, type and name in the first delta", () => {
  const frames = write([
    text("a"),
    { type: "tool-call", index: 0, id: "x", name: "f" },
    { type: "tool-arguments", index: 0, json: "{}" },
    { type: "finish", reason: "tool-calls" },
  ]);
  assert.deepEqual(deltas(frames).slice(2, 4), [
    { tool_calls: [{ index: 0, id: "x", type: "function", function: { name: "f", arguments: "" } }] },
    { tool_calls: [{ index: 0, function: { arguments: "{}" } }] },
  ]);
});

Deno.test("T9 a call without arguments gets an empty object of them, unless it was cut short", () => {
  const call: ChatEvent = { type: "tool-call", index: 0, id: "x", name: "f" };
  assert.equal(read([call, { type: "finish", reason: "tool-calls" }]).toolCalls[0]?.arguments, "{}");
  assert.equal(read([call]).toolCalls[0]?.arguments, "{}");
  assert.equal(read([call, { type: "finish", reason: "length" }]).toolCalls[0]?.arguments, "");
});

Deno.test("T8 empty arguments, and those of no call, write nothing", () => {
  const frames = write([
    { type: "tool-call", index: 0, id: "x", name: "f" },
    { type: "tool-arguments", index: 0, json: "" },
    { type: "tool-arguments", index: 1, json: "{}" },
    { type: "finish", reason: "length" },
  ]);
  assert.equal(deltas(frames).filter((delta) => delta.tool_calls).length, 1);
});

Deno.test("A6 a stop of an answer that calls tools is told as tool_calls", () => {
  assert.equal(read([{ type: "tool-call", index: 0, id: "x", name: "f" }, STOPPED]).finish, "tool_calls");
});

Deno.test("K11 a thought signature goes with its call, under Google's name", () => {
  const frames = write([{ type: "tool-call", index: 0, id: "x", name: "f", signature: "s" }]);
  assert.deepEqual(deltas(frames)[1]?.tool_calls?.[0]?.extra_content, { google: { thought_signature: "s" } });
});

Deno.test("a custom tool's call is told in its own form", () => {
  const request = streamRequest({ tools: [{ type: "custom", custom: { name: "sh" } }] });
  const events: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "x", name: "sh" },
    { type: "tool-arguments", index: 0, json: "ls" },
  ];
  assert.deepEqual(read(events, request).toolCalls, [{ id: "x", type: "custom", name: "sh", arguments: "ls" }]);
  assert.equal(read(events.slice(0, 1), request).toolCalls[0]?.arguments, "");
});

Deno.test("a custom tool's call by an upstream that knew a function is told as free text, in one delta", () => {
  const request = streamRequest({ tools: [{ type: "custom", custom: { name: "sh" } }] });
  const events: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "x", name: "sh" },
    { type: "tool-arguments", index: 0, json: '{"inp' },
    { type: "tool-arguments", index: 0, json: 'ut": "ls\\n"}' },
  ];
  const expected = [{ id: "x", type: "custom", name: "sh", arguments: "ls\n" }];
  assert.deepEqual(read(events, request).toolCalls, expected);
  assert.deepEqual(read([...events, { type: "finish", reason: "tool-calls" }], request).toolCalls, expected);
});

Deno.test("T13 a custom tool's call that a limit cut shows that it is not whole", () => {
  const request = streamRequest({ tools: [{ type: "custom", custom: { name: "sh" } }] });
  const events: ChatEvent[] = [
    { type: "tool-call", index: 0, id: "x", name: "sh" },
    { type: "tool-arguments", index: 0, json: '{"input": "rm -rf /' },
    { type: "finish", reason: "length" },
  ];
  const { toolCalls } = read(events, request);
  assert.deepEqual(toolCalls, [{ id: "x", type: "custom", name: "sh", arguments: '{"input": "rm -rf /' }]);
});

Deno.test("a client that sent functions reads one function_call", () => {
  const request = streamRequest({ functions: [{ name: "f" }] });
  const stream = read([
    { type: "tool-call", index: 0, id: "x", name: "f" },
    { type: "tool-arguments", index: 0, json: "{}" },
    { type: "tool-call", index: 1, id: "y", name: "g" },
    { type: "tool-arguments", index: 1, json: "[]" },
    { type: "finish", reason: "tool-calls" },
  ], request);
  assert.deepEqual(stream.functionCall, { name: "f", arguments: "{}" });
  assert.equal(stream.finish, "function_call");
});

Deno.test("K14 thoughts are reasoning_content", () => {
  const frames = write([{ type: "reasoning", text: "Hm" }, { type: "reasoning", text: "" }, text("a"), STOPPED]);
  assert.deepEqual(deltas(frames).slice(1, 3), [{ reasoning_content: "Hm" }, { content: "a" }]);
});

Deno.test("K6 a signature comes with the whole of its thought, and encrypted thoughts verbatim, block by block", () => {
  const frames = write([
    { type: "reasoning", text: "Let me" },
    { type: "reasoning", text: " see", signature: "s1" },
    { type: "redacted-reasoning", data: "xyz" },
    { type: "reasoning", text: "", signature: "s2" },
    { type: "reasoning", text: "More" },
    STOPPED,
  ]);
  assert.deepEqual(deltas(frames).slice(1, -1), [
    { reasoning_content: "Let me" },
    { reasoning_content: " see" },
    { reasoning_details: [{ type: "reasoning.text", text: "Let me see", signature: "s1", index: 0 }] },
    { reasoning_details: [{ type: "reasoning.encrypted", data: "xyz", index: 1 }] },
    { reasoning_details: [{ type: "reasoning.text", text: "", signature: "s2", index: 2 }] },
    { reasoning_content: "More" },
  ]);
});

Deno.test("K4 K6 fragments of a signature stay with their block; after other content, or more text, another begins", () => {
  const sign = (signature: string): ChatEvent => ({ type: "reasoning", text: "", signature });
  const details = (events: ChatEvent[]) =>
    deltas(write(events)).flatMap((delta) => delta.reasoning_details ?? []).map(
      ({ text, signature, index }) => [text, signature, index],
    );
  const thought: ChatEvent = { type: "reasoning", text: "Hm" };
  assert.deepEqual(details([thought, sign("a"), sign("b")]), [["Hm", "a", 0], ["", "b", 0]]);
  assert.deepEqual(details([thought, sign("a"), text("x"), sign("b")]), [["Hm", "a", 0], ["", "b", 1]]);
  assert.deepEqual(details([thought, sign("a"), thought, sign("b")]), [["Hm", "a", 0], ["Hm", "b", 1]]);
  const sealed: ChatEvent = { type: "redacted-reasoning", data: "xyz" };
  assert.deepEqual(details([thought, sign("a"), sealed, sign("b"), sign("c")]), [
    ["Hm", "a", 0],
    [undefined, undefined, 1],
    ["", "b", 2],
    ["", "c", 2],
  ]);
});

Deno.test("refusals, notes, log probabilities and media have their members", () => {
  const frames = write([
    { type: "refusal", text: "No" },
    { type: "annotation", annotation: { type: "url_citation" } },
    { type: "logprobs", content: [1] },
    { type: "media", mediaType: "image/png", data: "AAEC" },
    { type: "media", mediaType: "audio/wav", data: "UklG" },
    { type: "opaque", dialect: "openai_chat", value: { audio: { id: "x" } } },
    { type: "opaque", dialect: "anthropic", value: { secret: 1 } },
    STOPPED,
  ]);
  assert.deepEqual(deltas(frames).slice(1, -1), [
    { refusal: "No" },
    { annotations: [{ type: "url_citation" }] },
    {},
    { images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAEC" } }] },
    { audio: { data: "UklG" } },
    { audio: { id: "x" } },
  ]);
  assert.deepEqual(json(frames[3]).choices[0]?.logprobs, { content: [1], refusal: null });
});

Deno.test("G3 the upstream's own word for the end stands beside ours where it says more", () => {
  const [, finish] = write([{ type: "finish", reason: "content-filter", raw: "SAFETY" }]);
  assert.equal(json(finish).choices[0]?.finish_reason, "content_filter");
  assert.equal(json(finish).choices[0]?.native_finish_reason, "SAFETY");
  const [, plain] = write([{ type: "finish", reason: "stop", raw: "stop" }]);
  assert.ok(json(plain).choices.every((choice) => !("native_finish_reason" in choice)));
});

// ── Relay ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const HELLO = chunk({ content: "Hello" });

function relay(frames: readonly string[], request: ChatRequest = streamRequest()): string[] {
  return writeStream(openaiChat.eventFormatter(request, OPTIONS), beats(frames));
}

Deno.test("R10 frames of the same dialect are written as they are", () => {
  assert.deepEqual(relay([ROLE, HELLO, STOP, DONE]), [ROLE, HELLO, STOP, DONE]);
});

Deno.test("O4 O7 counts that only we asked for are kept from the client", () => {
  assert.deepEqual(relay([ROLE, STOP, COUNTS, DONE]), [ROLE, STOP, DONE]);
});

Deno.test("O5 the upstream's own counts are written at their place, even if they came early", () => {
  const request = streamRequest({ includeUsage: true });
  assert.deepEqual(relay([ROLE, COUNTS, STOP, DONE], request), [ROLE, STOP, COUNTS, DONE]);
});

Deno.test("U4 counts that come after the upstream's own chunk of them are the truth", () => {
  const formatter = openaiChat.eventFormatter(streamRequest({ includeUsage: true }), OPTIONS);
  const corrected = { events: [usage(9)] };
  const frames = writeStream(formatter, [...beats([ROLE, STOP, COUNTS, DONE]), corrected]);
  assert.equal(checkOpenaiChatStream(frames, { includeUsage: true }).usage?.prompt_tokens, 9);
});

Deno.test("O5 counts on the finish chunk get a chunk of their own", () => {
  const finish = chunkOf({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: USAGE });
  for (const includeUsage of [true, false]) {
    const frames = relay([ROLE, HELLO, finish, DONE], streamRequest({ includeUsage }));
    const stream = checkOpenaiChatStream(frames, { includeUsage });
    assert.equal(stream.usage?.total_tokens, includeUsage ? 5 : undefined);
    assert.deepEqual(frames.slice(0, 2), [ROLE, HELLO]);
  }
});

Deno.test("O2 a rewritten frame between relayed ones has the upstream's id, model and time", () => {
  const frames = relay([ROLE, chunk({ reasoning: "Hm" }), HELLO, STOP, DONE]);
  const stream = checkOpenaiChatStream(frames, { includeUsage: false });
  assert.deepEqual(stream.head, { id: "chatcmpl-1", model: "upstream-model", created: 500 });
  assert.deepEqual([stream.reasoning, stream.text], ["Hm", "Hello"]);
  assert.equal(frames[2], HELLO);
});

Deno.test("O1 O2 where the first frame was ours, so are all others", () => {
  const frames = relay([HELLO, HELLO, STOP, DONE]);
  const stream = checkOpenaiChatStream(frames, { includeUsage: false });
  assert.deepEqual([stream.text, stream.head?.id], ["HelloHello", "chatcmpl-abc"]);
});

Deno.test("O2 a chunk that kept the client waiting makes all later frames ours", () => {
  const formatter = openaiChat.eventFormatter(streamRequest(), { ...OPTIONS, keepAlive: "chunk" });
  const frames = [...formatter.ping(0), ...writeStream(formatter, beats([ROLE, HELLO, STOP, DONE]))];
  const stream = checkOpenaiChatStream(frames, { includeUsage: false });
  assert.deepEqual([stream.text, stream.head?.id], ["Hello", "chatcmpl-abc"]);
  assert.equal(deltas(frames).filter(({ role }) => role !== undefined).length, 1);
});

Deno.test("O1 the first choice is not opened by a frame of the second", () => {
  const role = chunk({ role: "assistant", content: "" }, null, { index: 1 });
  const frames = relay([role, chunk({ reasoning: "a" }), STOP, chunk({}, "stop", { index: 1 }), DONE]);
  checkOpenaiChatStream(frames, { includeUsage: false, n: 2 });
});

Deno.test("O1 a relayed frame is preceded by the role where the frame that had it could not be relayed", () => {
  const formatter = openaiChat.eventFormatter(streamRequest(), OPTIONS);
  const [{ raw: _, ...first }, ...rest] = beats([ROLE, chunk({ content: "a" }), STOP, DONE]) as [Beat, ...Beat[]];
  const frames = writeStream(formatter, [first, ...rest]);
  assert.equal(checkOpenaiChatStream(frames, { includeUsage: false }).text, "a");
  assert.equal(frames[1], chunk({ content: "a" }));
});

Deno.test("O1 the second choice of a relayed stream has one role only", () => {
  const other = (delta: object, finish: string | null = null) => chunk(delta, finish, { index: 1 });
  const frames = relay([
    ROLE,
    other({ role: "assistant", content: "" }),
    other({ reasoning: "Hm" }),
    other({}, "stop"),
    STOP,
    DONE,
  ]);
  checkOpenaiChatStream(frames, { includeUsage: false, n: 2 });
  assert.equal(deltas(frames).filter(({ role }) => role !== undefined).length, 2);
});

Deno.test("F10 a relayed stream that broke off before its finish is finished", () => {
  const frames = writeStream(openaiChat.eventFormatter(streamRequest(), OPTIONS), beats([ROLE, HELLO]).slice(0, 2));
  const stream = checkOpenaiChatStream(frames, { includeUsage: false });
  assert.deepEqual([stream.text, stream.finish, stream.head?.id], ["Hello", "stop", "chatcmpl-1"]);
});

Deno.test("a client that sent functions is relayed nothing, as it reads another form", () => {
  const call = { index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } };
  const frames = relay(
    [ROLE, chunk({ tool_calls: [call] }), chunk({}, "tool_calls"), DONE],
    streamRequest({
      functions: [{ name: "f" }],
    }),
  );
  const stream = checkOpenaiChatStream(frames, { includeUsage: false, legacy: true });
  assert.deepEqual([stream.functionCall?.arguments, stream.finish], ["{}", "function_call"]);
});

// ── Keep-alive ───────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("V4 a comment keeps a stream alive at any time, and begins nothing", () => {
  const formatter = openaiChat.eventFormatter(streamRequest(), OPTIONS);
  assert.deepEqual(formatter.ping(0), [": keep-alive\n\n"]);
  const frames = [...formatter.push({ events: [text("a")] }), ...formatter.ping(0), ...formatter.end()];
  assert.equal(checkOpenaiChatStream(frames, { includeUsage: false }).text, "a");
});

Deno.test("V4 V8 an empty chunk keeps a stream alive: role first, no finish, never without choices, none at the end", () => {
  const formatter = openaiChat.eventFormatter(streamRequest(), { ...OPTIONS, keepAlive: "chunk" });
  const first = formatter.ping(0);
  const second = formatter.ping(0);
  assert.deepEqual(deltas([...first, ...second]), [{ role: "assistant", content: "" }, { content: "" }]);
  const rest = formatter.push({ events: [text("a"), STOPPED] });
  const third = formatter.ping(0);
  assert.deepEqual(third, [": keep-alive\n\n"]);
  checkOpenaiChatStream([...first, ...second, ...rest, ...third, ...formatter.end()], { includeUsage: false });
});

Deno.test("V8 O15 a choice that has ended is not kept alive with chunks, though another goes on", () => {
  const formatter = openaiChat.eventFormatter(streamRequest(), { ...OPTIONS, keepAlive: "chunk" });
  formatter.push({ events: [text("a"), second("b"), STOPPED] });
  assert.deepEqual(formatter.ping(0), [": keep-alive\n\n"]);
});

Deno.test("O11 a refusal in words of its own ends as an ordinary answer, one without is a filter's", () => {
  const finishOf = (events: ChatEvent[]) => checkOpenaiChatStream(write(events), { includeUsage: false }).finish;
  const refusal: ChatEvent = { type: "refusal", text: "I cannot" };
  assert.equal(finishOf([refusal, { type: "finish", reason: "refusal" }]), "stop");
  assert.equal(finishOf([{ type: "text", text: "I cannot" }, { type: "finish", reason: "refusal" }]), "content_filter");
});
