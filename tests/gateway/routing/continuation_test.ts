import assert from "node:assert/strict";
import type { Beat, ChatEvent } from "../../../chat/event.ts";
import { GatewayError } from "../../../chat/error.ts";
import { replyFolder } from "../../../chat/reply_folder.ts";
import type { ChatRequest } from "../../../chat/request.ts";
import { continueAnswer } from "../../../gateway/routing/continue_answer.ts";
import { drain, type Pull } from "../../../streaming/pull.ts";
import { sampleRequest, user } from "../../chat/sample_request.ts";
import { manualPull } from "../../support/manual_pull.ts";

type Leg = (ChatEvent | GatewayError)[];

const cut = new GatewayError("upstream-cut", "Cannot finish the answer");
const text = (text: string): ChatEvent => ({ type: "text", text });
const start: ChatEvent = { type: "start", id: "1", model: "m" };
const stop: ChatEvent = { type: "finish", reason: "stop" };
const length: ChatEvent = { type: "finish", reason: "length" };
const used = (input: number, output: number): ChatEvent => ({ type: "usage", usage: { input, output } });
const call: ChatEvent = { type: "tool-call", index: 0, id: "call_1", name: "pay" };

/** Each event as a batch of its own; an error fails the leg. */
function legOf(leg: Leg): Pull<{ events: ChatEvent[]; raw: string }[]> {
  const left = [...leg];
  return {
    next() {
      const event = left.shift();
      if (event instanceof GatewayError) return Promise.reject(event);
      return Promise.resolve(event && [{ events: [event], raw: "verbatim" }]);
    },
    cancel: () => void left.splice(0),
  };
}

/** The answer that the client gets of these legs, and what each after the first was asked. */
async function goThrough(legs: Leg[], request: Partial<ChatRequest> = {}) {
  const [first = [], ...more] = legs;
  const asked: ChatRequest[] = [];
  const seen: ChatEvent[] = [];
  const whole = sampleRequest({ messages: [user("Count")], ...request });
  const source = continueAnswer(legOf(first), {
    request: whole,
    openLeg(request) {
      asked.push(request);
      const leg = more.shift();
      return leg === undefined ? Promise.reject(cut) : Promise.resolve(legOf(leg));
    },
  });
  let failure: unknown;
  try {
    for (let beats = await source.next(); beats !== undefined; beats = await source.next()) {
      for (const beat of beats) {
        assert.deepEqual(Object.keys(beat), ["events"], "no leg's own words are passed on");
        seen.push(...beat.events);
      }
    }
  } catch (error) {
    failure = error;
  }
  const folder = replyFolder();
  folder.push(seen);
  const { choices: [choice], usage } = folder.reply();
  const said = choice?.parts.map((part) => part.type === "text" ? part.text : `<${part.type}>`).join("");
  return { said, finish: choice?.finish?.reason, usage, failure, seen, prefills: asked.map(prefillOf), asked };
}

function prefillOf({ messages }: ChatRequest): string | undefined {
  const last = messages.at(-1);
  assert.equal(last?.role, "assistant");
  return last?.parts.map((part) => part.type === "text" ? part.text : "").join("");
}

Deno.test("E19 a cut stream is gone on with from what was said: one start, one finish, one usage that sums", async () => {
  const { said, finish, usage, failure, seen, prefills } = await goThrough([
    [start, used(10, 0), text("one, two, "), used(10, 4), cut],
    [start, used(14, 0), text("three, four"), stop, used(14, 6)],
  ]);
  assert.deepEqual([said, finish, failure], ["one, two, three, four", "stop", undefined]);
  assert.deepEqual(usage, { input: 24, output: 10 });
  assert.deepEqual(prefills, ["one, two,"]);
  assert.deepEqual(seen.map(({ type }) => type), ["start", "usage", "text", "text", "finish", "usage"]);
});

Deno.test("V17 an answer that stopped at the length limit is gone on with, up to three times", async () => {
  const legs = ["a", "b", "c", "d", "e"].map((letter): Leg => [start, text(`${letter} `.repeat(9)), length]);
  const { said, finish, prefills } = await goThrough(legs);
  assert.equal(said, ["a", "b", "c", "d"].map((letter) => `${letter} `.repeat(9)).join(""));
  assert.equal(finish, "length");
  assert.equal(prefills.length, 3);
});

Deno.test("V17 words that a leg repeats are taken out where they are exactly the last ones, however they are cut", async () => {
  const last = "and so it went on for years.";
  const next = `${last} Then it ended.`;
  const cuts = [[next], [...next], [next.slice(0, 20), next.slice(20)], [last, " Then it ended."]];
  for (const pieces of cuts) {
    const { said } = await goThrough([[start, text(`It began, ${last}`), cut], [start, ...pieces.map(text), stop]]);
    assert.equal(said, `It began, ${next}`);
  }
});

Deno.test("V17 a leg that breaks off amid the words it repeats says none of them twice", async () => {
  const { said, prefills } = await goThrough([
    [start, text("It began, and so it went on for years. "), cut],
    [start, text("It began, "), text("and so it"), cut],
    [start, text("and so it went on for years. "), text("Then it ended."), stop],
  ]);
  assert.equal(said, "It began, and so it went on for years. Then it ended.");
  assert.deepEqual(prefills, Array(2).fill("It began, and so it went on for years."));
});

Deno.test("V17 what only looks like the last words is kept, and so is text that ends while it still might be them", async () => {
  for (
    const [before, after] of [["the cat", "at home"], ["the cat sat down ", "the cat sat up"], [
      "a longer text here",
      "text",
    ]]
  ) {
    const { said } = await goThrough([[start, text(before!), cut], [start, ...[...after!].map(text), stop]]);
    assert.equal(said, before! + after!);
  }
});

Deno.test("V17 the white space that was said before the cut is not said twice", async () => {
  for (const next of ["\n\nSecond", "Second"]) {
    const { said, prefills } = await goThrough([[start, text("First\n\n"), cut], [start, text(next), stop]]);
    assert.equal(said, "First\n\nSecond");
    assert.deepEqual(prefills, ["First"]);
  }
});

Deno.test("E9 E18 nothing is gone on with that was no plain text, or that did not break off", async () => {
  const legs: Leg[] = [
    [start, text("I will "), call, cut],
    [start, { type: "media", mediaType: "image/png", data: "" }, text("a"), cut],
    [start, { type: "reasoning", text: "hm" }, cut],
    [start, text("a"), text("  "), new GatewayError("client-gone", "Gone")],
    [start, text("a"), new GatewayError("upstream-timeout", "Late", { code: "total_timeout" })],
    [start, text("a"), stop],
    [start, text("a"), { type: "finish", reason: "content-filter" }],
    [start, call, length],
    [start, { type: "text", text: "a", choice: 1 }, cut],
  ];
  for (const leg of legs) {
    const { asked, failure, finish } = await goThrough([leg, [start, text("more"), stop]]);
    assert.equal(asked.length, 0, JSON.stringify(leg));
    const last = leg.at(-1);
    if (last instanceof GatewayError) assert.equal(failure, last);
    else assert.equal(finish, last?.type === "finish" && last.reason);
  }
});

Deno.test("E19 where nobody goes on, the answer ends as it would have: with its failure, or at its length", async () => {
  const failed = await goThrough([[start, text("a"), cut]]);
  assert.deepEqual([failed.said, failed.failure, failed.finish], ["a", cut, undefined]);
  const short = await goThrough([[start, text("a"), length, used(3, 1)]]);
  assert.deepEqual([short.failure, short.finish, short.usage], [undefined, "length", { input: 3, output: 1 }]);
});

Deno.test("V17 a limit that the client set is kept over all legs", async () => {
  const reached = await goThrough([[start, text("a b c"), length, used(3, 5)], [text("d"), stop]], { maxTokens: 5 });
  assert.equal(reached.asked.length, 0);
  const uncounted = await goThrough([[start, text("a b c"), length], [text("d"), stop]], { maxTokens: 500 });
  assert.equal(uncounted.asked.length, 0, "it may have been the client's");
  const left = await goThrough([[start, text("a b c"), length, used(3, 5)], [text(" d"), stop]], { maxTokens: 50 });
  assert.deepEqual(left.asked.map(({ maxTokens }) => maxTokens), [45]);
});

Deno.test("a leg without counts is estimated, and the thoughts of a later leg are not shown within the text", async () => {
  const { said, usage, asked } = await goThrough([
    [start, text("one two three"), cut],
    [start, { type: "reasoning", text: "Where was I" }, text(" four"), stop, used(20, 5)],
  ]);
  assert.equal(said, "one two three four");
  assert.ok(usage?.estimated && usage.input > 20 && usage.output > 5, JSON.stringify(usage));
  assert.equal(asked[0]?.source.text, undefined, "the client's own words are no longer the request");
});

Deno.test("V14 a client that leaves gets no further leg, and one that comes late is ended", async () => {
  let opened = 0;
  const ended: unknown[] = [];
  const source: Pull<{ events: ChatEvent[] }[]> = continueAnswer(legOf([start, text("a"), cut]), {
    request: sampleRequest({ messages: [user("Count")] }),
    openLeg() {
      opened++;
      source.cancel("left");
      return Promise.resolve({ next: () => Promise.resolve(undefined), cancel: () => void ended.push("second") });
    },
  });
  await drain(source).catch(() => {});
  assert.deepEqual([opened, ended], [1, ["second"]]);
});

Deno.test("V15 a client that leaves ends the leg under way, be it the first or a later one", async () => {
  for (const breaksOff of [false, true]) {
    const [first, second] = [manualPull<Beat[]>(), manualPull<Beat[]>()];
    const source = continueAnswer(first, {
      request: sampleRequest({ messages: [user("Count")] }),
      openLeg: () => Promise.resolve(second),
    });
    first.give([{ events: [text("one, two")] }]);
    await source.next();
    if (breaksOff) first.fail(cut);
    const pending = source.next();
    await new Promise((resolve) => setImmediate(resolve));
    source.cancel("left");
    await pending;
    assert.deepEqual((breaksOff ? second : first).cancelled, { reason: "left" });
  }
});

Deno.test("E19 an answer that the client began itself is gone on with in its own turn", async () => {
  const begun = { role: "assistant" as const, parts: [{ type: "text" as const, text: "zero, " }] };
  const { said, prefills, asked } = await goThrough([[start, text("one, "), cut], [start, text("two"), stop]], {
    messages: [user("Count"), begun],
  });
  assert.deepEqual([said, prefills], ["one, two", ["zero, one,"]]);
  assert.deepEqual(asked[0]?.messages.map(({ role }) => role), ["user", "assistant"]);
});
