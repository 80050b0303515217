import assert from "node:assert/strict";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import { type Frame, type Framing, sseText } from "../../streaming/frame.ts";
import { bytesOf, bytewise, splitsOf } from "../support/chunked.ts";

/** What the bytes say, read in these pieces. */
function decode(pieces: readonly Uint8Array[], framing: Framing = "sse", tolerant = false): Frame[] {
  const utf8 = new TextDecoder();
  const decoder = frameDecoder(framing, { tolerant });
  const frames = pieces.flatMap((piece) => decoder.push(utf8.decode(piece, { stream: true })));
  return [...frames, ...decoder.push(utf8.decode()), ...decoder.end()];
}

function assertAnySplit(text: string, expected: Frame[], framing: Framing = "sse"): void {
  const bytes = bytesOf(text);
  assert.deepEqual(decode([bytes], framing), expected, "whole");
  assert.deepEqual(decode(bytewise(bytes), framing), expected, "byte by byte");
  for (const pieces of splitsOf(bytes)) {
    assert.deepEqual(decode(pieces, framing), expected, `split ${pieces[0].length}`);
  }
}

Deno.test("F1 a character cut between two reads stays whole", () => {
  assertAnySplit('data: {"a":"你🙂é"}\n\n', [{ data: '{"a":"你🙂é"}' }]);
});

Deno.test("F2 a data line cut mid-JSON is joined and no event is lost", () => {
  assertAnySplit('data: {"a":1}\n\ndata: {"a":2}\n\n', [{ data: '{"a":1}' }, { data: '{"a":2}' }]);
});

Deno.test("F3 CRLF, CR and a pair cut between its halves read like LF", () => {
  assertAnySplit("event: x\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", [{ event: "x", data: "1" }, { data: "2" }]);
  assertAnySplit("data: 1\r\rdata: 2\r\r", [{ data: "1" }, { data: "2" }]);
});

Deno.test("F4 comments are no events", () => {
  assertAnySplit(": OPENROUTER PROCESSING\n\n: keepalive\ndata: 1\n\n:\n\n", [{ data: "1" }]);
});

Deno.test("F5 a field without the space after its colon reads alike", () => {
  assertAnySplit('event:x\ndata:{"a":1}\n\n', [{ event: "x", data: '{"a":1}' }]);
});

Deno.test("F6 several data lines of one event are joined by LF", () => {
  assertAnySplit('data: {"a":\ndata: 1}\n\n', [{ data: '{"a":\n1}' }]);
});

Deno.test("F7 the last event is read without its blank line", () => {
  assertAnySplit("data: 1\n\ndata: [DONE]", [{ data: "1" }, { data: "[DONE]" }]);
  assertAnySplit("data: 1\n\ndata: 2\n", [{ data: "1" }, { data: "2" }]);
});

Deno.test("F12 id and retry lines change nothing", () => {
  assertAnySplit("id: 7\nretry: 100\nevent: x\ndata: 1\n\n", [{ event: "x", data: "1" }]);
});

Deno.test("F13 one event of 8 MB arrives whole", () => {
  const data = "x".repeat(8 * 1024 * 1024);
  const bytes = bytesOf(`data: ${data}\n\n`);
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / 16_384) },
    (_, at) => bytes.slice(at * 16_384, (at + 1) * 16_384),
  );
  const frames = decode(pieces);
  assert.equal(frames.length, 1);
  assert.equal(frames[0]?.data.length, data.length);
});

Deno.test("a byte order mark before the first field is not part of it", () => {
  assertAnySplit("\uFEFFdata: 1\n\n", [{ data: "1" }]);
});

Deno.test("a tolerant decoder takes a line without its field name as data", () => {
  const text = bytesOf('{"a":1}\n\ndata: 2\n\n');
  assert.deepEqual(decode([text], "sse", true), [{ data: '{"a":1}' }, { data: "2" }]);
  assert.deepEqual(decode([text]), [{ data: "2" }]);
});

Deno.test("L1 lines of JSON are cut at LF only, wherever reads end", () => {
  assertAnySplit(
    '{"a":"你"}\n{"a":2}\r\n\n{"a":3}',
    [{ data: '{"a":"你"}' }, { data: '{"a":2}' }, { data: '{"a":3}' }],
    "ndjson",
  );
});

Deno.test("F20 a frame is written with its blank line, LF only, one data line for each line", () => {
  assert.equal(sseText({ data: "[DONE]" }), "data: [DONE]\n\n");
  assert.equal(sseText({ event: "x", data: "a\nb" }), "event: x\ndata: a\ndata: b\n\n");
});
