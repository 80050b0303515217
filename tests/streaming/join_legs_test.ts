/** Tests of an answer in several legs. */

import assert from "node:assert/strict";
import type { Beat, ChatEvent } from "../../chat/event.ts";
import { joinLegs } from "../../streaming/join_legs.ts";
import { drain, type Pull, pullFrom } from "../../streaming/pull.ts";

function legOf(...events: ChatEvent[]): Pull<Beat[]> {
  return pullFrom([[{ events }]]);
}

function end(resume?: string): ChatEvent {
  return resume === undefined ? { type: "finish", reason: "stop" } : { type: "finish", reason: "length", resume };
}

/** What is said of the legs, and what the later ones were asked with. */
async function joined(first: Pull<Beat[]>, rest: Pull<Beat[]>[]) {
  const asked: string[] = [];
  const beats = await drain(joinLegs(first, (resume) => {
    asked.push(resume);
    return Promise.resolve(rest.shift() ?? assert.fail("no further leg"));
  }));
  return { events: beats.flat().flatMap(({ events }) => events), asked };
}

Deno.test("the legs of an answer have one start and one finish, counts that sum, and calls in one row", async () => {
  const call = (id: string): ChatEvent[] => [
    { type: "tool-call", index: 0, id, name: "f" },
    { type: "tool-arguments", index: 0, json: "{}" },
  ];
  const start: ChatEvent = { type: "start", id: "a", model: "m" };
  const used = (input: number, output: number): ChatEvent => ({ type: "usage", usage: { input, output } });
  const { events, asked } = await joined(legOf(start, ...call("one"), end("t"), used(10, 5)), [
    legOf({ ...start, id: "b" }, ...call("two"), used(20, 1), used(20, 7), end()),
  ]);
  assert.deepEqual(asked, ["t"]);
  assert.deepEqual(events, [
    start,
    ...call("one"),
    used(10, 5),
    { type: "tool-call", index: 1, id: "two", name: "f" },
    { type: "tool-arguments", index: 1, json: "{}" },
    used(30, 6),
    used(30, 12),
    end(),
  ]);
});

Deno.test("an answer of one leg is as it was", async () => {
  const events: ChatEvent[] = [{ type: "text", text: "Hi" }, { type: "usage", usage: { input: 1, output: 1 } }, end()];
  assert.deepEqual(await joined(legOf(...events), []), { events, asked: [] });
});

Deno.test("an answer without end has twenty legs at most", async () => {
  const legs = Array.from({ length: 30 }, (_, at) => legOf({ type: "text", text: "a" }, end(`t${at}`)));
  const { events, asked } = await joined(legOf(end("t")), legs);
  assert.equal(asked.length, 19);
  assert.deepEqual(events.at(-1), end("t18"));
});

Deno.test("a leg that says nothing of how it ended is the last: what its own was asked with is not asked again", async () => {
  const text: ChatEvent = { type: "text", text: "a" };
  assert.deepEqual(await joined(legOf(end("t")), [legOf(text)]), { events: [text], asked: ["t"] });
});

Deno.test("a leg that opens after its reader left is cancelled", async () => {
  let cancelled = 0;
  const opening = Promise.withResolvers<Pull<Beat[]>>();
  const answer = joinLegs(legOf(end("t")), () => opening.promise);
  await answer.next();
  const pending = answer.next();
  await Promise.resolve();
  answer.cancel();
  opening.resolve({ next: () => assert.fail("read"), cancel: () => void cancelled++ });
  assert.equal(await pending, undefined);
  assert.equal(cancelled, 1);
});

Deno.test("a leg that is not opened fails the answer, which ends by that", async () => {
  const answer = joinLegs(legOf(end("t")), () => Promise.reject(new Error("refused")));
  await answer.next();
  await assert.rejects(answer.next(), /refused/);
  assert.equal(await answer.next(), undefined);
});
