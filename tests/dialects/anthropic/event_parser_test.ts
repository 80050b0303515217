/** Tests of what an upstream's events say. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { ChatEvent } from "../../../chat/event.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { Reply } from "../../../chat/reply.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { sseText } from "../../../streaming/frame.ts";
import { eventsOf, fixture, foldEvents } from "../../support/codec.ts";
import * as up from "./support.ts";
import { beats, call, json, PING, said, start, text, thought, usage } from "./support.ts";

const parser = () => anthropic.eventParser({});
const typesOf = (events: readonly ChatEvent[]) => events.map(({ type }) => type);

Deno.test("F10 an answer that stops without a reason is given one", () => {
  for (const stop of [up.STOP, "data: [DONE]\n\n"]) {
    const ended = said([up.START, ...up.textBlock(0, "a"), stop]).at(-1);
    assert.deepEqual(ended, { type: "finish", reason: "stop" });
    const called = said([up.START, ...up.callBlock(0, "toolu_1", "{}"), stop]).at(-1);
    assert.deepEqual(called, { type: "finish", reason: "tool-calls" });
  }
});

Deno.test("F10 an answer that said nothing is not given a reason", () => {
  assert.deepEqual(said([up.START, up.STOP]), []);
});

Deno.test("O15 a second end adds its counts, and no second finish", () => {
  const events = eventsOf(beats([up.START, up.end("end_turn"), up.end("max_tokens", { output_tokens: 8 }), up.STOP]));
  assert.deepEqual(events.filter(({ type }) => type === "finish"), [{
    type: "finish",
    reason: "stop",
    raw: "end_turn",
  }]);
  assert.equal(foldEvents(events).usage?.output, 8);
});

Deno.test("F11 an answer that breaks off is a failure", () => {
  const events = said([up.START, ...up.textBlock(0, "a")]);
  assert.equal(events.at(-1)?.type, "error");
});

Deno.test("F9 an answer that has its reason is whole without its stop", () => {
  assert.deepEqual(typesOf(said([up.START, ...up.textBlock(0, "a"), up.end("end_turn")])), ["text", "finish"]);
});

Deno.test("A7 what a block says when it is over is said before the end where the block was not stopped", () => {
  const search = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} };
  const asked = up.blockDelta(0, { type: "input_json_delta", partial_json: '{"query":"deno"}' });
  const opaque = { type: "opaque", dialect: "anthropic", value: { ...search, input: { query: "deno" } } };
  const called = up.blockStart(1, { type: "tool_use", id: "toolu_1", name: "f", input: { a: 1 } });
  const open = [up.START, up.blockStart(0, search), asked, called];
  for (const ending of [[up.end("tool_use"), up.STOP], [up.STOP]]) {
    const told = up.said([...open, ...ending]);
    assert.deepEqual(told.map(({ type }) => type), ["tool-call", "opaque", "tool-arguments", "finish"]);
    assert.deepEqual(told.slice(1, 3), [
      { ...opaque, queries: ["deno"] },
      { type: "tool-arguments", index: 0, json: '{"a":1}' },
    ]);
  }
  const next = [up.blockStart(0, search), asked, ...up.textBlock(0, "Hi"), up.end("end_turn"), up.STOP];
  assert.deepEqual(up.said([up.START, ...next]).map(({ type }) => type), ["opaque", "text", "finish"]);
});

Deno.test("F12 events are told apart by the type in their data", () => {
  const named = [up.START, ...up.textBlock(0, "a"), up.end("end_turn"), up.STOP];
  const bare = named.map((frame) => `id: 1\nretry: 5\n${frame.slice(frame.indexOf("data:"))}`);
  assert.deepEqual(eventsOf(beats(bare)), eventsOf(beats(named)));
  assert.deepEqual(beats(bare).map(({ raw }) => raw), named, "relayed with the event line that clients need");
});

Deno.test("F8 the last word ends the reading", () => {
  assert.deepEqual(beats([up.START, up.end("end_turn"), up.STOP, up.START]).at(-1)?.last, true);
  const reader = parser();
  reader.push({ data: '{"type":"message_stop"}' });
  assert.deepEqual(reader.push({ data: '{"type":"ping"}' }), { events: [], last: true });
  assert.deepEqual(reader.end(), []);
});

Deno.test("E6 an error event is a failure of its kind, and the last word", () => {
  const error = { type: "overloaded_error", message: "Overloaded" };
  const [, beat] = beats([up.START, up.frame("error", { error }), up.STOP]);
  const [event] = beat?.events ?? [];
  assert.equal(event?.type === "error" && event.error.kind, "overloaded");
  assert.equal(event?.type === "error" && event.error.retryable, true);
  assert.equal(beat?.last, true);
  assert.equal(beat?.raw, undefined);
});

Deno.test("E6 an error without its type, or in the way of OpenAI, is one, too", () => {
  for (const data of ['{"error":{"message":"No"}}', '{"type":"error"}', '{"type":"error","error":"No"}']) {
    assert.equal(parser().push({ data }).events[0]?.type, "error", data);
  }
  assert.equal(parser().push({ event: "error", data: "{}" }).events[0]?.type, "error");
});

Deno.test("what is no JSON is a failure of the upstream", () => {
  for (const data of ["<html>", "[]", "1", '{"type":']) {
    const { events, last } = parser().push({ data });
    assert.equal(events[0]?.type === "error" && events[0].error.kind, "upstream-malformed", data);
    assert.equal(last, true);
  }
});

Deno.test("V7 a ping says nothing and is not relayed", () => {
  assert.deepEqual(beats([PING])[0], { events: [] });
  assert.deepEqual(parser().push({ event: "ping", data: "{}" }), { events: [] });
  assert.deepEqual(parser().push({ data: "" }), { events: [] });
});

Deno.test("what is newer than we are is relayed, and says nothing", () => {
  const frame = up.frame("message_note", { note: 1 });
  assert.deepEqual(beats([frame])[0], { events: [], raw: frame });
});

Deno.test("T11 a call's index counts the calls, not the blocks", () => {
  const events = said([
    up.START,
    ...up.textBlock(0, "a"),
    ...up.callBlock(1, "x", "{}"),
    ...up.callBlock(2, "y", "{}"),
  ]);
  assert.deepEqual(events.flatMap((event) => "index" in event ? [event.index] : []), [0, 0, 1, 1]);
});

Deno.test("T9 a call without arguments is given its empty object when it stops", () => {
  assert.deepEqual(said([up.START, ...up.callBlock(0, "x", ""), up.end("tool_use")]).slice(0, 2), [
    ...[{ ...call(0, "f"), id: "x" }, json(0, "{}")],
  ]);
});

Deno.test("T2 a call without an id is given one, the same each time and different in each answer", () => {
  const idIn = (message: string) => {
    const block = up.blockStart(0, { type: "tool_use", name: "f", input: {} });
    const [event] = said([up.messageStart({ id: message }), block, up.blockStop(0), up.end("tool_use")]);
    return event?.type === "tool-call" ? event.id : "";
  };
  assert.match(idIn("msg_a"), /^call_[0-9a-f]{16}$/);
  assert.equal(idIn("msg_a"), idIn("msg_a"));
  assert.notEqual(idIn("msg_a"), idIn("msg_b"));
});

Deno.test("K13 thoughts that are told once more in a signed block give their signature only", () => {
  const again = up.blockStart(1, { type: "thinking", thinking: "Hm.", signature: "sig" });
  const first = [up.blockStart(0, { type: "thinking", thinking: "", signature: "" })];
  const stream = [up.START, ...first, up.blockDelta(0, { type: "thinking_delta", thinking: "Hm." }), up.blockStop(0)];
  const all = beats([...stream, again, up.blockStop(1), up.end("end_turn")]);
  assert.deepEqual(eventsOf(all).filter(({ type }) => type === "reasoning"), [thought("Hm."), thought("", "sig")]);
  assert.equal(all.find(({ events }) => events.some((event) => "signature" in event))?.raw, undefined);
});

Deno.test("U11 counts are totals: the last ones count, what they leave out stays", () => {
  const head = up.messageStart({ usage: { input_tokens: 3, cache_read_input_tokens: 10, output_tokens: 1 } });
  const end = up.end("end_turn", { output_tokens: 50, input_tokens: null });
  assert.deepEqual(foldEvents(eventsOf(beats([head, end]))).usage, { input: 13, output: 50, cached: 10 });
});

Deno.test("U1 prompt tokens are the fresh ones, the cached and the written together", () => {
  const counts = { input_tokens: 3, cache_read_input_tokens: 100, cache_creation_input_tokens: 20, output_tokens: 1 };
  assert.deepEqual(foldEvents(eventsOf(beats([up.messageStart({ usage: counts })]))).usage, {
    ...{ input: 123, output: 1, cached: 100, cacheWrite: 20 },
  });
});

Deno.test("citations are annotations on the text, with the original beside them", () => {
  const events = eventsOf(beats([fixture("anthropic/web_search.sse")]));
  const annotation = events.find(({ type }) => type === "annotation");
  assert.deepEqual(annotation?.type === "annotation" && annotation.annotation.url_citation, {
    ...{ url: "https://example.com/deno", title: "Deno 2.9", start_index: 14, end_index: 33 },
  });
  const file = up.blockStart(0, {
    type: "text",
    text: "ab",
    citations: [{ type: "char_location", document_title: "T" }],
  });
  const [, note] = said([up.START, file, up.end("end_turn")]);
  assert.deepEqual(note?.type === "annotation" && note.annotation.file_citation, {
    ...{ filename: "T", start_index: 0, end_index: 2 },
  });
});

Deno.test("a delta of a block that is not open says nothing and is not relayed", () => {
  const stray = up.blockDelta(4, { type: "text_delta", text: "x" });
  assert.deepEqual(beats([up.START, stray])[1], { events: [] });
});

Deno.test("members of a wrong type do not end an answer that can be read", () => {
  const events = said([
    ...[up.messageStart({ id: 1, usage: [], model: null }), up.blockStart(0, { type: "text", text: 5 })],
    ...[up.blockDelta(0, { type: "text_delta", text: "a", citation: 1 }), up.end("end_turn", { output_tokens: "x" })],
  ]);
  assert.deepEqual(typesOf(events), ["text", "finish"]);
});

Deno.test("a parser never throws, whatever the frames", () => {
  const type = fc.constantFrom(
    ...["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta"],
    ...["message_stop", "error", "ping", ""],
  );
  const block = fc.record({ type: fc.constantFrom("text", "thinking", "tool_use", "x", 1), input: fc.jsonValue() }, {
    requiredKeys: [],
  });
  const event = fc.record({
    type,
    index: fc.oneof(fc.nat(2), fc.jsonValue()),
    message: fc.jsonValue(),
    content_block: fc.oneof(block, fc.jsonValue()),
    delta: fc.oneof(fc.record({ text: fc.jsonValue(), stop_reason: fc.jsonValue() }), fc.jsonValue()),
    usage: fc.jsonValue(),
  }, { requiredKeys: [] });
  const data = fc.oneof(fc.string(), fc.json(), event.map((value) => JSON.stringify(value)));
  fc.assert(fc.property(fc.array(data, { maxLength: 10 }), (frames) => {
    const reader = parser();
    for (const data of frames) reader.push({ data });
    reader.end();
  }));
});

/** Events in the order of a sound stream of this dialect. */
const anyParts: fc.Arbitrary<ChatEvent[]> = fc.array(
  fc.oneof(
    fc.string({ minLength: 1 }).map((value) => [text(value)]),
    fc.tuple(fc.string(), fc.base64String({ minLength: 4 })).map(([value, signature]) => [thought(value, signature)]),
    fc.constant([{ type: "redacted-reasoning", data: "EmwK" }] as ChatEvent[]),
    fc.json().map((value) => [call(0), json(0, JSON.stringify({ value }))]),
  ),
  { maxLength: 6 },
).map((groups) => {
  let calls = 0;
  return groups.flatMap((group) => {
    const index = group.length === 2 ? calls++ : 0;
    return group.map((event) => {
      if (event.type === "tool-call") return call(index);
      return event.type === "tool-arguments" ? json(index, event.json) : event;
    });
  });
  // A signature on its own that comes last is left out on purpose (A8).
}).filter((events) => !events.slice(-1).some((last) => last.type === "reasoning" && last.text === ""));

Deno.test("what is written is read as it was said", () => {
  fc.assert(fc.property(anyParts, fc.constantFrom("stop", "length"), (parts, reason) => {
    const end: ChatEvent[] = [{ type: "finish", reason }, usage(40, 9)];
    const begin: ChatEvent = { ...start, type: "start", id: "msg_1", model: "claude-alias" };
    const events = [begin, ...parts, ...end];
    const read = foldEvents(eventsOf(beats(up.written(events))));
    assert.deepEqual(contentOf(read), contentOf(foldEvents(events)));
    assert.equal(read.id, "msg_1");
    assert.equal(read.choices[0]?.finish?.reason, reason === "stop" && hasCalls(read) ? "tool-calls" : reason);
    assert.deepEqual([read.usage?.input, read.usage?.output], [40, 9]);
  }));
});

function hasCalls({ choices }: Reply): boolean {
  return choices[0]?.parts.some(({ type }) => type === "tool-call") ?? false;
}

function contentOf({ choices }: Reply) {
  return choices[0]?.parts;
}

Deno.test("T2 T15 calls without an id, or with that of another, get their own, and are not relayed", () => {
  const read = beats([up.START, ...up.callBlock(0, "call_f"), ...up.callBlock(1, "call_f"), ...up.callBlock(2, "")]);
  const ids = eventsOf(read).flatMap((event) => event.type === "tool-call" ? event.id : []);
  assert.equal(new Set(ids).size, 3);
  assert.equal(ids[0], "call_f");
  assert.deepEqual([1, 3, 5].map((at) => read[at]?.raw !== undefined), [true, false, false]);
});

Deno.test("O15 a block behind the end says nothing and is not relayed", () => {
  const [, , ...late] = beats([up.START, up.end("end_turn"), ...up.textBlock(0, "late"), up.STOP]);
  assert.deepEqual(late.slice(0, 3), [{ events: [] }, { events: [] }, { events: [] }]);
});

Deno.test("a call of nothing, and a block of no type, say nothing and are not relayed", () => {
  const blocks: JsonObject[] = [{ type: "tool_use", id: "a", name: "" }, { type: 7 }, { text: "Hi" }];
  for (const block of blocks) {
    const [, begun, ended] = beats([up.START, up.blockStart(0, block), up.blockStop(0)]);
    assert.deepEqual([begun, ended?.events], [{ events: [] }, []]);
  }
});

Deno.test("a relayed frame is the one that came, in canonical form", () => {
  const stream = [up.START, ...up.textBlock(0, "a\u2028b"), up.end("end_turn"), up.STOP];
  assert.deepEqual(beats(stream).map(({ raw }) => raw), stream);
  const many = { event: "message_stop", data: '{"type":\n"message_stop"}' };
  assert.equal(parser().push(many).raw, sseText(many));
});
