/** Tests of the stream that a Messages client is sent. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../../chat/error.ts";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import { fitToolName } from "../../../dialects/tool_ids.ts";
import { checkAnthropicStream } from "../../support/anthropic_grammar.ts";
import * as up from "./support.ts";
import { call, finish, formatter, json, PING, request, start, text, thought, told, usage, written } from "./support.ts";

const DEAD = new GatewayError("upstream-cut", "Cannot answer in full as the stream broke off");
const only = (event: ChatEvent): Beat => ({ events: [event] });
/** The types of the frames. */
const names = (frames: readonly string[]) => frames.map((frame) => /^event: (\w+)/.exec(frame)?.[1]);

Deno.test("A1 a stream has one start, its blocks in order, one end", () => {
  const frames = written([start, text("Hel"), text("lo"), finish(), usage(3, 2)]);
  assert.deepEqual(names(frames), [
    ...["message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"],
    ...["message_delta", "message_stop"],
  ]);
  const read = checkAnthropicStream(frames);
  assert.equal(read.text, "Hello");
  assert.equal(read.finish, "end_turn");
});

Deno.test("A2, K3 a thought closes before the text, the text before the call", () => {
  const read = told([start, thought("Hm"), text("Hi"), call(0), json(0, "{}"), finish("tool-calls"), usage(3, 2)]);
  assert.deepEqual(read.blocks.map(({ type }) => type), ["thinking", "text", "tool_use"]);
  assert.equal(read.reasoning, "Hm");
  assert.equal(read.blocks[0]?.signature, "");
});

Deno.test("A3 the end waits for counts that come after the finish, and no longer", () => {
  const writer = formatter();
  writer.push(only(start));
  writer.push(only(usage(3, 0)));
  writer.push(only(text("Hi")));
  assert.deepEqual(writer.push(only(finish())), []);
  const end = writer.push(only(usage(3, 20)));
  assert.deepEqual(names(end), ["content_block_stop", "message_delta", "message_stop"]);
  assert.match(end[1] ?? "", /"output_tokens":20/);
  assert.deepEqual([...writer.push(only(text("late"))), ...writer.end(), ...writer.fail(DEAD), ...writer.ping(1)], []);
});

Deno.test("A3 counts in the beat of the finish are the last ones", () => {
  const writer = formatter();
  writer.push({ events: [start, text("Hi")] });
  const end = writer.push({ events: [usage(3, 20), finish()] });
  assert.equal(names(end).at(-1), "message_stop");
});

Deno.test("A3 an answer without counts after its finish ends with the stream", () => {
  const read = told([start, usage(3, 9), text("Hi"), finish()]);
  assert.equal(read.usage?.output_tokens, 9);
});

Deno.test("A4 the start estimates the prompt, the end tells the truth", () => {
  const read = told([start, text("Hi"), finish(), usage(1234, 5)]);
  assert.ok(Number(read.head?.usage.input_tokens) > 0);
  assert.equal(read.head?.usage.output_tokens, 0);
  assert.equal(read.usage?.input_tokens, 1234);
});

Deno.test("A4 counts that came before the start are told in it", () => {
  const writer = formatter();
  const counts = { input: 77, output: 5, reasoning: 4 };
  const frames = [...writer.push({ events: [start, { type: "usage", usage: counts }] }), ...writer.end()];
  assert.deepEqual(checkAnthropicStream(frames).head?.usage, {
    ...{ input_tokens: 77, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
  });
});

Deno.test("A5 counts are numbers where the upstream gave none", () => {
  const { usage } = told([start, text("Hi"), finish()]);
  assert.equal(typeof usage?.input_tokens, "number");
  assert.equal(usage?.output_tokens, 0);
});

Deno.test("U2 cached tokens stand beside input_tokens, which is never below 0", () => {
  const counts = { input: 100, output: 9, cached: 60, cacheWrite: 10, cacheWriteHour: 20, reasoning: 4 };
  const read = told([start, text("Hi"), finish(), { type: "usage", usage: counts }]);
  assert.deepEqual(read.usage, {
    input_tokens: 10,
    cache_creation_input_tokens: 30,
    cache_read_input_tokens: 60,
    cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    output_tokens: 9,
    output_tokens_details: { thinking_tokens: 4 },
  });
  const odd = told([start, text("Hi"), finish(), { type: "usage", usage: { input: 5, output: 1, cached: 8 } }]);
  assert.equal(odd.usage?.input_tokens, 0);
});

Deno.test("A6 an answer that calls tools ends in tool_use, whatever its upstream calls it", () => {
  for (const reason of ["stop", "tool-calls"] as const) {
    assert.equal(told([start, text("Hi"), call(0), json(0, "{}"), finish(reason)]).finish, "tool_use");
  }
  assert.equal(told([start, text("Hi"), finish("tool-calls")]).finish, "end_turn");
});

Deno.test("A7 a finish closes the block that is open", () => {
  const writer = formatter();
  writer.push({ events: [start, text("Hi")] });
  assert.deepEqual(names(writer.end()), ["content_block_stop", "message_delta", "message_stop"]);
});

Deno.test("A8 late thoughts do not split the text", () => {
  const read = told([start, thought("a"), text("1"), thought("b"), text("2"), thought("c"), text("3"), finish()]);
  assert.deepEqual(read.blocks.map(({ type, text }) => [type, text]), [["thinking", "a"], ["text", "123"]]);
});

Deno.test("A9, E5 a failure is an error event, and nothing follows it", () => {
  const writer = formatter();
  const frames = [...writer.push({ events: [start, text("So")] }), ...writer.fail(DEAD)];
  assert.deepEqual([...writer.end(), ...writer.push(only(text("x"))), ...writer.fail(DEAD), ...writer.ping(1)], []);
  const read = checkAnthropicStream(frames);
  assert.deepEqual(read.error, { type: "api_error", message: DEAD.message });
  assert.equal(read.finish, undefined);
});

Deno.test("A9 a failure before the first word is an error event, too", () => {
  assert.equal(checkAnthropicStream(formatter().fail(DEAD)).head, undefined);
});

Deno.test("A9 an error among the events of a beat follows what came before it", () => {
  const writer = formatter();
  const frames = writer.push({ events: [start, text("So"), { type: "error", error: DEAD }] });
  const read = checkAnthropicStream(frames);
  assert.equal(read.text, "So");
  assert.equal(read.error?.type, "api_error");
});

Deno.test("A10 a stop string that was hit is named", () => {
  const read = told([start, text("Hi"), { type: "finish", reason: "stop-sequence", stopSequence: "END" }]);
  assert.equal(read.finish, "stop_sequence");
  assert.equal(read.stopSequence, "END");
});

Deno.test("A11, T6 whole arguments leave as a delta", () => {
  const read = told([start, call(0), json(0, '{"a":1}'), finish("tool-calls")]);
  assert.deepEqual(read.toolCalls, [{ id: "call_0", name: "f0", arguments: '{"a":1}' }]);
  assert.deepEqual(read.blocks[0]?.start.input, {});
});

Deno.test("A12 the id looks native, and the model is the one that was asked for", () => {
  const { head } = told([start, text("Hi"), finish()]);
  assert.equal(head?.id, "msg_abc123");
  assert.equal(head?.model, "claude-alias");
  assert.equal(told([{ type: "start", id: "msg_01Up", model: "x" }, text("Hi")]).head?.id, "msg_01Up");
});

Deno.test("A13 every finish has a stop reason of the vocabulary", () => {
  for (const reason of FINISH_REASONS) told([start, text("Hi"), { type: "finish", reason }]);
});

Deno.test("A14 what a filter or the model refused ends in refusal", () => {
  for (const reason of ["content-filter", "refusal"] as const) {
    const frames = written([start, text("No"), { type: "finish", reason }]);
    assert.equal(checkAnthropicStream(frames).finish, "refusal");
    assert.match(frames.join(""), /"stop_details":\{"type":"refusal","category":null,"explanation":null\}/);
  }
});

Deno.test("A14 a refusal in words is text", () => {
  assert.equal(
    told([start, { type: "refusal", text: "I cannot" }, { type: "finish", reason: "refusal" }]).text,
    "I cannot",
  );
});

Deno.test("A15 a role alone opens nothing, and a call alone has no text", () => {
  const writer = formatter();
  assert.deepEqual(names(writer.push({ events: [start, text(""), thought("")] })), ["message_start"]);
  assert.deepEqual(told([start, text(""), call(0), finish("tool-calls")]).blocks.map(({ type }) => type), ["tool_use"]);
});

Deno.test("F10 an answer without a finish ends well", () => {
  assert.equal(told([start, text("Hi")]).finish, "end_turn");
  assert.equal(told([start, call(0), json(0, "{}")]).finish, "tool_use");
  assert.deepEqual(told([]).blocks, []);
});

Deno.test("O15 what comes after the finish is dropped", () => {
  const read = told([start, text("Hi"), finish(), text("late"), { type: "finish", reason: "length" }]);
  assert.equal(read.text, "Hi");
  assert.equal(read.finish, "end_turn");
  const writer = formatter();
  const frames = [...writer.push({ events: [start, text("Hi"), finish(), text("late"), call(0)] }), ...writer.end()];
  assert.deepEqual(checkAnthropicStream(frames).blocks.map(({ text }) => text), ["Hi"]);
});

Deno.test("T5 interleaved calls leave one after the other, whole", () => {
  const read = told([
    ...[start, call(0), call(1), json(1, '{"b":'), json(0, '{"a":'), json(1, "2}"), json(0, "1}")],
    ...[finish("tool-calls"), usage(3, 2)],
  ]);
  assert.deepEqual(read.toolCalls.map((call) => call.arguments), ['{"a":1}', '{"b":2}']);
});

Deno.test("T9 a call without arguments is a block without deltas, which clients read as {}", () => {
  assert.equal(told([start, call(0), finish("tool-calls")]).toolCalls[0]?.arguments, "");
});

Deno.test("T12 when the upstream dies amid the arguments, no block of a call is stopped", () => {
  const writer = formatter();
  const events = [start, call(0), json(0, '{"path":"/tm'), call(1), json(1, "{}"), text("x")];
  const frames = [...events.flatMap((event) => writer.push(only(event))), ...writer.fail(DEAD)];
  assert.ok(!names(frames).includes("content_block_stop"));
  assert.equal(checkAnthropicStream(frames).toolCalls.length, 1);
});

Deno.test("T13 half a call at the limit ends in max_tokens", () => {
  assert.equal(told([start, call(0), json(0, '{"a":'), finish("length")]).finish, "max_tokens");
});

Deno.test("T14 ids that Messages does not know are rewritten, the same each time", () => {
  const odd: ChatEvent = { type: "tool-call", index: 0, id: "functions.f:0", name: "f" };
  const ids = [1, 2].map(() => told([start, odd, finish("tool-calls")]).toolCalls[0]?.id);
  assert.match(ids[0] ?? "", /^functions_f_0_[0-9a-f]{8}$/);
  assert.equal(ids[0], ids[1]);
});

Deno.test("T23 the client reads its own name of a tool", () => {
  const name = "mcp.server/" + "n".repeat(70);
  const asked = request({ tools: [{ name, input_schema: { type: "object" } }], stream: true });
  const read = told([start, call(0, fitToolName(name)), finish("tool-calls")], asked);
  assert.equal(read.toolCalls[0]?.name, name);
});

Deno.test("K4 fragments of a signature leave as one", () => {
  const read = told([start, thought("Hm"), thought("", "ab"), thought("", "cd"), text("Hi"), finish()]);
  assert.equal(read.blocks[0]?.signature, "abcd");
});

Deno.test("K5, K6 a signature alone and a redacted thought have blocks of their own", () => {
  const read = told([start, thought("", "sig"), { type: "redacted-reasoning", data: "xyz" }, text("Hi"), finish()]);
  assert.deepEqual(read.blocks.map(({ type }) => type), ["thinking", "redacted_thinking", "text"]);
  assert.equal(read.blocks[0]?.signature, "sig");
  assert.equal(read.blocks[1]?.start.data, "xyz");
  assert.equal(read.text, "Hi");
});

Deno.test("K11 the signature of a call goes along in the thought before it", () => {
  const signed: ChatEvent = { type: "tool-call", index: 0, id: "c", name: "f", signature: "gemini:AbC=" };
  const alone = told([start, text("Hi"), signed, finish("tool-calls")]);
  assert.deepEqual(alone.blocks.map(({ type, signature }) => [type, signature]), [
    ...[["text", ""], ["thinking", "call:gemini:AbC="], ["tool_use", ""]],
  ]);
  const after = told([start, thought("Hm"), signed, finish("tool-calls")]);
  assert.deepEqual(after.blocks.map(({ type, text }) => [type, text]), [["thinking", "Hm"], ["tool_use", ""]]);
});

Deno.test("V1 a ping is Anthropic's own, in every state", () => {
  const writer = formatter();
  assert.deepEqual(writer.ping(10_000), [PING]);
  writer.push({ events: [start, text("Hi")] });
  assert.deepEqual(writer.ping(59_999), [PING]);
});

Deno.test("V2 after a minute of silence the open block is given an empty delta of its kind", () => {
  const open = [
    [text("Hi"), '"delta":{"type":"text_delta","text":""}'],
    [thought("Hm"), '"delta":{"type":"thinking_delta","thinking":""}'],
    [call(0), '"delta":{"type":"input_json_delta","partial_json":""}'],
  ] as const;
  for (const [event, delta] of open) {
    const writer = formatter();
    const before = writer.push({ events: [start, event] });
    const kept = writer.ping(60_000);
    assert.equal(kept.length, 1);
    assert.ok(kept[0]?.includes(delta));
    checkAnthropicStream([...before, ...kept, ...writer.end()]);
  }
});

Deno.test("V2 with no block open a thought is opened for it, and closed before the text", () => {
  const writer = formatter();
  const kept = [...writer.ping(60_000), ...writer.ping(70_000)];
  assert.deepEqual(names(kept), ["message_start", "content_block_start", "content_block_delta", "content_block_delta"]);
  const rest = writer.push({ events: [start, text("Hi")] });
  const read = checkAnthropicStream([...kept, ...rest, ...writer.end()]);
  assert.deepEqual(read.blocks.map(({ type, text }) => [type, text]), [["thinking", ""], ["text", "Hi"]]);
});

Deno.test("V2 a thought that follows goes on in the block opened for the keep-alive", () => {
  const writer = formatter();
  const frames = [
    ...writer.ping(60_000),
    ...writer.push({ events: [start, thought("Hm"), text("Hi")] }),
    ...writer.end(),
  ];
  const read = checkAnthropicStream(frames);
  assert.deepEqual(read.blocks.map(({ type, text }) => [type, text]), [["thinking", "Hm"], ["text", "Hi"]]);
});

Deno.test("V2 when only counts are waited for, a ping is enough", () => {
  const writer = formatter();
  writer.push({ events: [start, { type: "redacted-reasoning", data: "x" }, finish()] });
  assert.deepEqual(writer.ping(90_000), [PING]);
});

Deno.test("an image that the model made is shown as Markdown, and sound is not", () => {
  const read = told([
    ...[start, { type: "media", mediaType: "image/png", data: "iVBO" }, text("!")] as const,
    ...[{ type: "media", mediaType: "audio/wav", data: "UklG" }, finish()] as const,
  ]);
  assert.equal(read.text, "![image](data:image/png;base64,iVBO)!");
});

Deno.test("blocks of this dialect alone are written whole, those of others not at all", () => {
  const value = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "deno" } };
  const read = told([
    ...[start, text("a"), { type: "opaque", dialect: "anthropic", value }] as const,
    ...[{ type: "opaque", dialect: "gemini", value: { type: "x" } }, text("b"), finish()] as const,
  ]);
  assert.deepEqual(read.blocks.map(({ type }) => type), ["text", "server_tool_use", "text"]);
  assert.equal(read.blocks[1]?.json, '{"query":"deno"}');
});

Deno.test("A11 of blocks of this dialect alone only those that call a tool are told by their input", () => {
  const kinds = ["server_tool_use", "mcp_tool_use", "newer_block"].map((type): ChatEvent => ({
    ...{ type: "opaque", dialect: "anthropic", value: { type, input: { a: 1 } } },
  }));
  const { blocks } = told([start, ...kinds, finish()]);
  assert.deepEqual(blocks.map(({ start, json }) => [start.input, json]), [
    ...[[{}, '{"a":1}'], [{}, '{"a":1}']],
    [{ a: 1 }, ""],
  ]);
});

Deno.test("a citation of this dialect is told as it was, others are not", () => {
  const citation = { type: "char_location", cited_text: "x" };
  const read = told([
    ...[start, text("a"), { type: "annotation", annotation: { anthropic_citation: citation } }] as const,
    ...[{ type: "annotation", annotation: { type: "url_citation" } }, finish()] as const,
  ]);
  assert.deepEqual(read.blocks[0]?.citations, [citation]);
});

Deno.test("only the first choice is written", () => {
  const choices = [1, 0].map((choice): ChatEvent => ({ type: "text", text: `${choice}`, choice }));
  assert.equal(told([start, text("a"), ...choices, finish()]).text, "a0");
});

const textDelta = (index: number, text: string) => up.blockDelta(index, { type: "text_delta", text });

Deno.test("A12 a relayed start names the model that was asked for, and nothing else changes", () => {
  const writer = formatter();
  const [first] = up.beats([up.messageStart({ model: "claude-opus-5-5-20260101" })]).flatMap(writer.push);
  assert.equal(first, up.messageStart({ model: "claude-alias" }));
});

Deno.test("A4 a relayed start without counts is given an estimate", () => {
  const writer = formatter();
  const stream = [up.messageStart({ usage: { input_tokens: 0, output_tokens: 0 } }), up.end("end_turn"), up.STOP];
  const read = checkAnthropicStream(up.beats(stream).flatMap(writer.push));
  assert.ok(Number(read.head?.usage.input_tokens) > 0);
});

Deno.test("A6 a relayed end that denies its calls is rewritten", () => {
  const writer = formatter();
  const stream = [up.START, ...up.callBlock(0, "toolu_1", "{}"), up.end("end_turn"), up.STOP];
  assert.equal(checkAnthropicStream(up.beats(stream).flatMap(writer.push)).finish, "tool_use");
});

Deno.test("A5 a relayed end without both counts is rewritten", () => {
  for (const usage of [{ output_tokens: 5 }, { input_tokens: 7 }, { input_tokens: 7, output_tokens: null }]) {
    const writer = formatter();
    const stream = [up.START, ...up.textBlock(0, "Hi"), up.end("end_turn", usage), up.STOP];
    const read = checkAnthropicStream(up.beats(stream).flatMap(writer.push));
    assert.deepEqual([typeof read.usage?.input_tokens, typeof read.usage?.output_tokens], ["number", "number"]);
  }
});

Deno.test("A7 a relayed stream whose block is not stopped goes on in our own words", () => {
  const writer = formatter();
  const open = [up.blockStart(0, { type: "text", text: "" }), textDelta(0, "Hi")];
  const read = checkAnthropicStream(up.beats([up.START, ...open, up.end("end_turn"), up.STOP]).flatMap(writer.push));
  assert.equal(read.text, "Hi");
  assert.equal(read.usage?.output_tokens, 5);
});

Deno.test("A1 a relayed stream that numbers its blocks badly is numbered anew", () => {
  const writer = formatter();
  const stream = [up.START, ...up.textBlock(1, "a"), ...up.callBlock(3, "toolu_1", "{}"), up.end("tool_use"), up.STOP];
  const read = checkAnthropicStream(up.beats(stream).flatMap(writer.push));
  assert.equal(read.text, "a");
  assert.equal(read.toolCalls.length, 1);
});

Deno.test("V2 a keep-alive amid a relayed stream does not break its order", () => {
  const writer = formatter();
  const stream = up.beats([up.START, ...up.textBlock(0, "a"), ...up.textBlock(1, "b"), up.end("end_turn"), up.STOP]);
  for (let at = 0; at <= stream.length; at++) {
    const writer = formatter();
    const frames = stream.flatMap((beat, place) => [...place === at ? writer.ping(60_000) : [], ...writer.push(beat)]);
    assert.equal(checkAnthropicStream([...frames, ...writer.end()]).text, "ab", `at ${at}`);
  }
  assert.deepEqual(writer.ping(1), [PING]);
});

Deno.test("V2 K5 nothing is put behind a relayed signature, neither a keep-alive nor more thoughts", () => {
  const writer = formatter();
  const block = up.blockStart(0, { type: "thinking", thinking: "", signature: "" });
  const sealed = [up.START, block, up.blockDelta(0, { type: "signature_delta", signature: "Ab==" })];
  const frames = up.beats(sealed).slice(0, -1).flatMap(writer.push);
  const ping = writer.ping(70_000);
  assert.deepEqual(ping, [PING]);
  frames.push(...ping, ...writer.push(only(thought("late"))), ...writer.push(only(finish())), ...writer.end());
  const read = checkAnthropicStream(frames);
  assert.deepEqual(read.blocks.map(({ text, signature }) => [text, signature]), [["", "Ab=="], ["late", ""]]);
});

Deno.test("a relayed call that goes on in our own words stays one call", () => {
  const writer = formatter();
  const [begin, open, half] = up.beats([up.START, ...up.callBlock(0, "toolu_1", '{"a":', "1}").slice(0, 2)]);
  const frames = [begin, open, half].flatMap((beat) => writer.push(beat!));
  frames.push(...writer.push(only(json(0, "1}"))), ...writer.push(only(finish("tool-calls"))), ...writer.end());
  const read = checkAnthropicStream(frames);
  assert.deepEqual(read.toolCalls, [{ id: "toolu_1", name: "f", arguments: '{"a":1}' }]);
});

Deno.test("a relayed call that is over is not begun again where a text goes on in our own words", () => {
  const writer = formatter();
  const text = [up.blockStart(1, { type: "text", text: "" }), textDelta(1, "Hi")];
  const relayed = up.beats([up.START, ...up.callBlock(0, "toolu_1", "{}"), ...text]).slice(0, -1);
  const frames = relayed.flatMap(writer.push);
  frames.push(...writer.push(only({ type: "text", text: " you" })), ...writer.push(only(finish())), ...writer.end());
  const read = checkAnthropicStream(frames);
  assert.deepEqual(read.blocks.map(({ start }) => start.type), ["tool_use", "text"]);
  assert.deepEqual([read.text, read.toolCalls.length], ["Hi you", 1]);
});

Deno.test("F10 a relayed stream without its last frames is ended", () => {
  const writer = formatter();
  const stream = [up.START, ...up.textBlock(0, "a"), up.end("end_turn")];
  assert.deepEqual(names([...up.beats(stream).flatMap(writer.push), ...writer.end()]).slice(-2), [
    ...["message_delta", "message_stop"],
  ]);
});

Deno.test("A1 an upstream's delta goes on as it is only where its block is the one that is open", () => {
  const writer = formatter();
  const stream = up.beats([up.START, ...up.callBlock(0, "toolu_1", "{}"), ...up.textBlock(1, "a"), up.end("tool_use")]);
  // The frames between the call's arguments and the text come without their verbatim text.
  const mixed = stream.map(({ raw, ...beat }, at) =>
    at === 3 || at === 4 || raw === undefined ? beat : { ...beat, raw }
  );
  const read = checkAnthropicStream([...mixed.flatMap(writer.push), ...writer.end()]);
  assert.deepEqual(read.blocks.map(({ type, text }) => [type, text]), [["tool_use", ""], ["text", "a"]]);
});

const anyEvent: fc.Arbitrary<ChatEvent | "call"> = fc.oneof(
  fc.constantFrom("", "a", "bc").map(text),
  fc.tuple(fc.constantFrom("", "t"), fc.constantFrom(undefined, "", "s")).map(([text, signature]) =>
    thought(text, signature)
  ),
  fc.constant("call" as const),
  fc.constantFrom<ChatEvent>(
    ...[start, usage(3, 2), usage(0, 0), finish(), finish("tool-calls")],
    { type: "refusal", text: "no" },
    { type: "redacted-reasoning", data: "d" },
    { type: "opaque", dialect: "anthropic", value: { type: "server_tool_use", input: { a: 1 } } },
    { type: "media", mediaType: "image/png", data: "AA" },
    { type: "annotation", annotation: { anthropic_citation: { type: "x" } } },
    { type: "logprobs" },
    { type: "error", error: DEAD },
    { type: "text", text: "other", choice: 1 },
  ),
);

/** Any events, among them calls whose arguments come in two pieces with one event between them. */
const anyEvents: fc.Arbitrary<ChatEvent[]> = fc.array(anyEvent, { maxLength: 25 }).map((events) => {
  let calls = 0;
  return events.flatMap((event, at) => {
    if (event !== "call") return [event];
    const index = calls++;
    const between = events[at + 1];
    const late = between === undefined || between === "call" || between.type === "finish" ? [] : [between];
    return [call(index), json(index, '{"z":'), ...late, json(index, "0}")];
  });
});

/** Frames of a sound stream, some of which come without their verbatim text. */
const UPSTREAM = up.beats([
  ...[up.START, ...up.textBlock(0, "a"), ...up.callBlock(1, "toolu_1", "{", "}"), ...up.textBlock(2, "b")],
  ...[up.end("tool_use"), up.STOP],
]);

Deno.test("A1 whatever comes, in whatever beats and with whatever pings, the stream is legal", () => {
  const silence = fc.constantFrom(0, 0, 0, 1000, 70_000);
  fc.assert(
    fc.property(
      anyEvents,
      fc.array(silence, { minLength: 40, maxLength: 40 }),
      fc.boolean(),
      (events, pings, fails) => {
        const writer = formatter();
        const frames = events.flatMap((event, at) => {
          const silence = pings[at] ?? 0;
          return [...silence > 0 ? writer.ping(silence) : [], ...writer.push(only(event))];
        });
        checkAnthropicStream([...frames, ...fails ? writer.fail(DEAD) : writer.end()]);
        assert.deepEqual([...writer.end(), ...writer.fail(DEAD), ...writer.ping(70_000)], []);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("A1 an upstream's frames and our own, mixed in any way, are a legal stream that says the same", () => {
  const flags = fc.array(fc.boolean(), { minLength: UPSTREAM.length, maxLength: UPSTREAM.length });
  fc.assert(
    fc.property(flags, flags, (keeps, pings) => {
      const writer = formatter();
      const frames = UPSTREAM.flatMap(({ raw, ...beat }, at) => [
        ...pings[at] ? writer.ping(70_000) : [],
        ...writer.push(keeps[at] && raw !== undefined ? { ...beat, raw } : beat),
      ]);
      const read = checkAnthropicStream([...frames, ...writer.end()]);
      assert.equal(read.text, "ab");
      assert.deepEqual(read.toolCalls, [{ id: "toolu_1", name: "f", arguments: "{}" }]);
      assert.equal(read.finish, "tool_use");
    }),
    { numRuns: 300 },
  );
});
