import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import type { Beat } from "../../../chat/event.ts";
import { beatQueue } from "../../../providers/langfast/beat_queue.ts";

const HI: Beat = { events: [{ type: "text", text: "Hi" }] };

function queueOf(limit = 100) {
  const stops: unknown[] = [];
  return { ...beatQueue({ limit, stop: (reason) => stops.push(reason) }), stops };
}

Deno.test("what came meanwhile is given in one batch, what comes later wakes the reader", async () => {
  const { push, end, beats } = queueOf();
  push(HI);
  push(HI);
  assert.deepEqual(await beats.next(), [HI, HI]);
  const pending = beats.next();
  push(HI);
  assert.deepEqual(await pending, [HI]);
  const last = beats.next();
  end();
  assert.equal(await last, undefined);
});

Deno.test("F17 a failure is thrown after all that came before it, and once", async () => {
  const { push, fail, beats } = queueOf();
  push(HI);
  fail(new Error("boom"));
  push(HI);
  assert.deepEqual(await beats.next(), [HI]);
  await assert.rejects(beats.next(), { message: "boom" });
  assert.equal(await beats.next(), undefined);
});

Deno.test("an end is not turned into a failure", async () => {
  const { end, fail, beats } = queueOf();
  end();
  fail(new Error("boom"));
  assert.equal(await beats.next(), undefined);
});

Deno.test("a reader who leaves stops the source, and a read that waits", async () => {
  const { beats, push, stops } = queueOf();
  const pending = beats.next();
  beats.cancel();
  assert.equal(await pending, undefined);
  push(HI);
  assert.equal(await beats.next(), undefined);
  const other = queueOf();
  other.push(HI);
  const gone = new Error("The client left");
  other.beats.cancel(gone);
  await assert.rejects(other.beats.next(), gone);
  assert.deepEqual([stops, other.stops], [[undefined], [gone]]);
});

Deno.test("text that nobody reads is held up to the limit, then the source is stopped", async () => {
  const { beats, push, stops } = queueOf(4);
  push(HI);
  push(HI);
  await beats.next();
  push(HI);
  push(HI);
  assert.equal(stops.length, 0);
  push(HI);
  assert.deepEqual(stops.map((reason) => reason instanceof GatewayError && reason.kind), ["overloaded"]);
});
