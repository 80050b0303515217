import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import { frameDecoder } from "../../streaming/decode_frames.ts";
import { type EventParser, readBeats } from "../../streaming/read_beats.ts";
import { manualPull } from "../support/manual_pull.ts";

const CUT = new GatewayError("upstream-cut", "Cannot finish the answer");

/** Says each line as it is, up to `last`; `no` and bytes that end without more are failures. */
const parser: EventParser = {
  push({ data }) {
    if (data === "no") return { events: [{ type: "error", error: CUT }], last: true };
    return data === "last" ? { ...saying(data), last: true } : saying(data);
  },
  end: () => [{ type: "error", error: CUT }],
};

function saying(text: string) {
  return { events: [{ type: "text" as const, text }] };
}

function setUp() {
  const bytes = manualPull<Uint8Array>();
  const beats = readBeats(bytes, frameDecoder("ndjson"), parser);
  return { bytes, beats, say: (text: string) => bytes.give(new TextEncoder().encode(text)) };
}

Deno.test("F17 a failure is thrown once, behind what came before it, and nothing is read any more", async () => {
  const { bytes, beats, say } = setUp();
  say("a\nno\nb\n");
  assert.deepEqual(await beats.next(), [saying("a"), { events: [], last: true }]);
  assert.ok(bytes.cancelled);
  await assert.rejects(beats.next(), CUT);
  assert.equal(await beats.next(), undefined);
});

Deno.test("F8 an answer ends with its upstream's last word, though its bytes go on, and what stands behind that is not read", async () => {
  const { bytes, beats, say } = setUp();
  say("a\nlast\nb\n");
  assert.deepEqual(await beats.next(), [saying("a"), { ...saying("last"), last: true }]);
  assert.ok(bytes.cancelled);
  assert.equal(await beats.next(), undefined);
});

Deno.test("whoever leaves while bytes are waited for is told of no failure, neither then nor later", async () => {
  const { bytes, beats, say } = setUp();
  say("a\n");
  await beats.next();
  const pending = beats.next();
  beats.cancel("left");
  assert.equal(await pending, undefined);
  assert.deepEqual(bytes.cancelled, { reason: "left" });
  assert.equal(await beats.next(), undefined);
});

Deno.test("whoever leaves before a failure was thrown is not told of it any more", async () => {
  const { beats, say } = setUp();
  say("a\nno\n");
  await beats.next();
  beats.cancel();
  assert.equal(await beats.next(), undefined);
});
