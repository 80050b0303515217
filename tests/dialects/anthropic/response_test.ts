/** Tests of whole answers, both ways. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { Reply, ReplyChoice, ReplyPart } from "../../../chat/reply.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { fixture, foldEvents } from "../../support/codec.ts";
import { checkAnthropicStream } from "../../support/anthropic_grammar.ts";
import { OPTIONS, request, written } from "./support.ts";

const text = fixture("anthropic/message.json");
const MESSAGE: JsonObject = JSON.parse(text);

function read(members: JsonObject) {
  const body = { ...MESSAGE, ...members };
  return anthropic.parseResponse(body, JSON.stringify(body), {});
}

function write(choice: Partial<ReplyChoice>, more: Partial<Reply> = {}): JsonObject {
  const reply: Reply = { id: "x", model: "upstream", choices: [{ parts: [], ...choice }], ...more };
  return anthropic.formatResponse(reply, request(), OPTIONS);
}

Deno.test("parseResponse() reads a whole answer, which may be relayed", () => {
  const beat = anthropic.parseResponse(MESSAGE, text, {});
  const reply = foldEvents(beat.events);
  assert.equal(reply.id, MESSAGE.id);
  assert.deepEqual(reply.choices[0]?.parts.map(({ type }) => type), ["reasoning", "text", "tool-call"]);
  assert.deepEqual(reply.choices[0]?.finish, { reason: "tool-calls", raw: "tool_use" });
  assert.deepEqual(reply.usage, { input: 103, output: 30, cached: 100, cacheWrite: 0 });
  assert.equal(beat.raw, text);
  assert.equal(beat.last, true);
});

Deno.test("R10 an answer that breaks the contract is not relayed", () => {
  const broken: JsonObject[] = [
    { id: "chatcmpl-1" },
    { usage: { output_tokens: 3 } },
    { stop_reason: "end_turn" },
    { stop_reason: "" },
    { content: [{ type: "text", text: "" }] },
    { content: [{ type: "tool_use", id: "a:b", name: "f", input: {} }], stop_reason: "tool_use" },
    { content: [{ type: "thinking", thinking: "Hm" }], stop_reason: "end_turn" },
  ];
  for (const members of broken) assert.equal(read(members).raw, undefined, JSON.stringify(members));
  assert.notEqual(
    read({ content: [{ type: "web_search_tool_result", content: [] }], stop_reason: "pause_turn" }).raw,
    undefined,
  );
});

Deno.test("F10 an answer without a reason is given one", () => {
  assert.equal(foldEvents(read({ stop_reason: null }).events).choices[0]?.finish?.reason, "tool-calls");
  assert.equal(
    foldEvents(read({ stop_reason: null, content: [{ type: "text", text: "a" }] }).events).choices[0]?.finish?.reason,
    "stop",
  );
});

Deno.test("an error, or no answer at all, is a failure", () => {
  const cases: [unknown, string][] = [
    [JSON.parse(fixture("anthropic/error.json")), "context-length"],
    [{ type: "error" }, "upstream-failure"],
    [{ error: { type: "rate_limit_error" } }, "rate-limit"],
    ...[[], null, "text", 5, {}, { content: "text" }].map((body): [unknown, string] => [body, "upstream-malformed"]),
  ];
  for (const [body, kind] of cases) {
    const { events, last } = anthropic.parseResponse(body, "text", {});
    const [event] = events;
    assert.equal(event?.type === "error" && event.error.kind, kind, JSON.stringify(body));
    assert.equal(last, true);
  }
});

Deno.test("A12, A5 a whole answer has a native id, the model asked for, and counts", () => {
  const body = write({ parts: [{ type: "text", text: "Hi" }], finish: { reason: "stop" } });
  assert.deepEqual({ ...body, usage: undefined }, {
    ...{ id: "msg_abc123", type: "message", role: "assistant", model: "claude-alias" },
    ...{ content: [{ type: "text", text: "Hi" }], stop_reason: "end_turn", stop_sequence: null, usage: undefined },
  });
  const usage = body.usage as JsonObject;
  assert.ok(Number(usage.input_tokens) > 0);
  assert.equal(usage.output_tokens, 0);
});

Deno.test("A6, A8, K3 blocks of a whole answer: one leading thought, the text, the calls", () => {
  const body = write({
    parts: [
      { type: "text", text: "Hi" },
      { type: "reasoning", text: "Hm" },
      { type: "tool-call", id: "call:1", name: "f", json: '{"a":1}' },
      { type: "tool-call", id: "call_2", name: "g", json: "" },
      { type: "tool-call", id: "call_3", name: "g", json: '{"half' },
    ],
    finish: { reason: "stop" },
  });
  const [thought, said, ...calls] = body.content as JsonObject[];
  assert.deepEqual(thought, { type: "thinking", thinking: "Hm", signature: "" });
  assert.deepEqual(said, { type: "text", text: "Hi" });
  assert.match(String(calls[0]?.id), /^call_1_[0-9a-f]{8}$/);
  assert.deepEqual(calls.map(({ input }) => input), [{ a: 1 }, {}, { _raw: '{"half' }]);
  assert.equal(body.stop_reason, "tool_use");
});

Deno.test("A10, A14 how a whole answer ends", () => {
  const stop = write({ finish: { reason: "stop-sequence", stopSequence: "END" } });
  assert.deepEqual([stop.stop_reason, stop.stop_sequence], ["stop_sequence", "END"]);
  const refused = write({ finish: { reason: "content-filter" } });
  assert.deepEqual([refused.stop_reason, refused.stop_details], [
    ...["refusal", { type: "refusal", category: null, explanation: null }],
  ]);
});

Deno.test("K5, K6 signatures, redacted thoughts and blocks of this dialect are whole", () => {
  const value = { type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } };
  const parts: ReplyPart[] = [
    { type: "reasoning", text: "", signature: "sig" },
    { type: "redacted-reasoning", data: "xyz" },
    { type: "opaque", dialect: "anthropic", value },
    { type: "opaque", dialect: "gemini", value },
  ];
  assert.deepEqual(write({ parts }).content, [
    { type: "thinking", thinking: "", signature: "sig" },
    { type: "redacted_thinking", data: "xyz" },
    value,
  ]);
});

const anyPart: fc.Arbitrary<ReplyPart> = fc.oneof(
  fc.string({ minLength: 1 }).map((text): ReplyPart => ({ type: "text", text })),
  fc.tuple(fc.string(), fc.base64String({ minLength: 4 })).map(([text, signature]): ReplyPart => ({
    ...{ type: "reasoning", text, signature },
  })),
  fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }).map((value): ReplyPart => ({
    ...{ type: "tool-call", id: "toolu_1", name: "f", json: JSON.stringify(value) },
  })),
);

Deno.test("a whole answer that is written is read as it was meant, and says what its stream says", () => {
  fc.assert(fc.property(fc.uniqueArray(anyPart, { selector: ({ type }) => type }), (parts) => {
    // A signature on its own that comes last is left out on purpose (A8).
    fc.pre(!parts.slice(-1).some((last) => last.type === "reasoning" && last.text === ""));
    const body = write({ parts, finish: { reason: "length" } }, { usage: { input: 9, output: 4 } });
    const { events } = anthropic.parseResponse(JSON.parse(JSON.stringify(body)), "", {});
    const { choices } = foldEvents(events);
    assert.deepEqual(choices[0]?.parts, parts);
    assert.equal(choices[0]?.finish?.reason, "length");

    const streamed = checkAnthropicStream(written(events as ChatEvent[]));
    const whole = body.content as JsonObject[];
    assert.deepEqual(streamed.blocks.map(({ type }) => type), whole.map(({ type }) => type));
    assert.equal(streamed.text, whole.map((block) => block.type === "text" ? block.text : "").join(""));
  }));
});
