/** Tests of answers that end at a stop string which their upstream was not told of. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../chat/error.ts";
import type { Beat, ChatEvent } from "../../chat/event.ts";
import { replyFolder } from "../../chat/reply_folder.ts";
import { textOf } from "../../chat/request.ts";
import { cutAtStop } from "../../streaming/cut_at_stop.ts";
import { drain, type Pull, pullFrom } from "../../streaming/pull.ts";

const text = (said: string, choice = 0): ChatEvent => ({ type: "text", text: said, ...(choice > 0 && { choice }) });
const finish: ChatEvent = { type: "finish", reason: "length" };
const start: ChatEvent = { type: "start", id: "a", model: "m" };

/** A source of one beat for each event, which counts what was taken of it, and knows whether it was told to stop. */
function sourceOf(...events: ChatEvent[]) {
  const beats = pullFrom<Beat[]>(events.map((event) => [{ events: [event], raw: "x" }]));
  const seen = { taken: 0, isCancelled: false };
  const source: Pull<Beat[]> = {
    next() {
      seen.taken++;
      return beats.next();
    },
    cancel() {
      seen.isCancelled = true;
      beats.cancel();
    },
  };
  return { source, seen };
}

async function cut(stops: string[], events: ChatEvent[], choices = 1) {
  const { source, seen } = sourceOf(...events);
  const beats = (await drain(cutAtStop(source, { stops, choices }))).flat();
  const folder = replyFolder();
  const told = beats.flatMap((beat) => beat.events);
  folder.push(told);
  return { reply: folder.reply(), beats, told, seen };
}

Deno.test("an answer ends before its first stop string, says which, and its upstream is told to stop", async () => {
  const { reply, beats, seen } = await cut(["\nObservation:", "END"], [
    ...[start, text("Act: look\nObs"), text("ervation: a cat"), text(" and more END"), finish],
  ]);
  assert.equal(textOf(reply.choices[0]?.parts ?? []), "Act: look");
  assert.deepEqual(reply.choices[0]?.finish, { reason: "stop-sequence", stopSequence: "\nObservation:" });
  assert.deepEqual(seen, { taken: 3, isCancelled: true });
  assert.ok(beats.every(({ raw }) => raw === undefined));
});

Deno.test("what looked like the beginning of a stop string is told once it is none, before whatever follows it", async () => {
  const call: ChatEvent = { type: "tool-call", index: 0, id: "c", name: "f" };
  const { told, seen } = await cut(["<stop>"], [start, text("a <st"), text("age> b <sto"), call, finish]);
  assert.deepEqual(told, [start, text("a "), text("<stage> b "), text("<sto"), call, finish]);
  assert.equal(seen.isCancelled, false);
});

Deno.test("what is held at the end is told, be it an end without a word or an error", async () => {
  assert.deepEqual((await cut(["<stop>"], [text("a<s")])).told, [text("a"), text("<s")]);
  const error: ChatEvent = { type: "error", error: new GatewayError("upstream-cut", "Cannot go on") };
  assert.deepEqual((await cut(["<stop>"], [text("a<s"), error])).told, [text("a"), text("<s"), error]);
});

Deno.test("choices end each at their own, counts behind them are told, and the upstream goes on until all have ended", async () => {
  const usage: ChatEvent = { type: "usage", usage: { input: 1, output: 2 } };
  const { reply, seen } = await cut(["."], [text("a.b"), text("c", 1), text("d.", 1), usage], 2);
  assert.deepEqual(reply.choices.map(({ parts }) => textOf(parts)), ["a", "cd"]);
  assert.deepEqual(seen, { taken: 3, isCancelled: true });
  const whole = cutAtStop(pullFrom([[{ events: [text("a.b"), finish, usage] }]]), { stops: ["."], choices: 1 });
  assert.deepEqual((await drain(whole)).flat()[0]?.events, [
    text("a"),
    { type: "finish", reason: "stop-sequence", stopSequence: "." },
    usage,
  ]);
});

Deno.test("however a text comes in pieces, it is told up to the first stop string", async () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 12 });
  const stop = fc.string({ unit: fc.constantFrom("a", "b", "\n"), minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(letters), fc.array(stop, { minLength: 1, maxLength: 3 }), async (pieces, stops) => {
      const whole = pieces.join("");
      // Of those that are whole first, the longest.
      const end = whole.split("").findIndex((_, at) => stops.some((one) => whole.slice(0, at + 1).endsWith(one))) + 1;
      const longest = Math.max(
        0,
        ...stops.filter((one) => whole.slice(0, end).endsWith(one)).map(({ length }) => length),
      );
      const { reply } = await cut(stops, [start, ...pieces.map((piece) => text(piece)), finish]);
      const [choice] = reply.choices;
      assert.equal(textOf(choice?.parts ?? []), end === 0 ? whole : whole.slice(0, end - longest));
      assert.equal(choice?.finish?.reason, end === 0 ? "length" : "stop-sequence");
    }),
  );
});
