import assert from "node:assert/strict";
import fc from "fast-check";
import type { Beat, ChatEvent } from "../../chat/event.ts";
import { GatewayError } from "../../chat/error.ts";
import { observe, type Outcome } from "../../streaming/observe.ts";
import { cutText, pace } from "../../streaming/pace.ts";
import { drain, pullFrom } from "../../streaming/pull.ts";
import { pullLater } from "../../streaming/pull_later.ts";
import { alarm, delay, within } from "../../streaming/timer.ts";
import { toStream } from "../../streaming/to_stream.ts";
import { putBack, untilContent } from "../../streaming/until_content.ts";
import { type EventFormatter, writeReply } from "../../streaming/write_reply.ts";
import { inFakeTime } from "../support/fake_time.ts";
import { manualPull } from "../support/manual_pull.ts";

const start: ChatEvent = { type: "start", id: "1", model: "m" };
const text = (text: string): ChatEvent => ({ type: "text", text });
const usage: ChatEvent = { type: "usage", usage: { input: 1, output: 1 } };

/** Writes events by their type, one frame each. */
const formatter: EventFormatter = {
  push: ({ events }) => events.map(({ type }) => type),
  end: () => ["end"],
  fail: ({ kind }) => [`fail ${kind}`],
  ping: () => ["ping"],
};

Deno.test("E8 untilContent() holds the preamble back, whatever frames it comes in, and gives it back in order", async () => {
  const batches: Beat[][] = [[{ events: [start] }], [{ events: [usage] }, { events: [text("")] }], [{
    events: [text("a")],
  }], [
    { events: [text("b")] },
  ]];
  const source = pullFrom(batches);
  const { head, ended } = await untilContent(source);
  assert.equal(ended, false);
  assert.deepEqual(head, batches.slice(0, 3).flat());
  assert.deepEqual((await drain(putBack(head, source))).flat(), batches.flat());
});

Deno.test("E11 untilContent() tells a stream that ended with its preamble", async () => {
  const { ended } = await untilContent(pullFrom<Beat[]>([[{ events: [start] }]]));
  assert.equal(ended, true);
});

Deno.test("E11 untilContent() takes a signature of nothing for no content", async () => {
  const signed: ChatEvent = { type: "reasoning", text: "", signature: "c2lnbmVk" };
  const { ended } = await untilContent(pullFrom<Beat[]>([[{ events: [start] }, { events: [signed] }]]));
  assert.equal(ended, true);
});

Deno.test("writeReply() writes what came before a failure, then the failure, then nothing", async () => {
  const source = manualPull<Beat[]>();
  const frames = writeReply(source, formatter);
  source.give([{ events: [text("a")] }]);
  source.fail(new GatewayError("upstream-cut", "Cannot finish"));
  assert.deepEqual(await drain(frames), [["text"], ["fail upstream-cut"]]);
  assert.ok(source.cancelled);
});

Deno.test("writeReply() writes the end with the upstream's last word, be it a failure, and waits for nothing before that", async () => {
  const beats: Beat[][] = [[{ events: [text("a")] }], [{ events: [text("b")], last: true }]];
  assert.deepEqual(await drain(writeReply(pullFrom(beats), formatter)), [["text"], ["text", "end"]]);
  const behind = [...beats, [{ events: [usage] }]];
  assert.deepEqual(await drain(writeReply(pullFrom(behind), formatter)), [["text"], ["text", "usage"], ["end"]]);
  const source = manualPull<Beat[]>();
  source.give([{ events: [text("a")], last: true }]);
  source.fail(new GatewayError("upstream-cut", "Cannot finish"));
  assert.deepEqual(await drain(writeReply(source, formatter)), [["text", "fail upstream-cut"]]);
});

Deno.test("pace() of 0 changes nothing", () => {
  const source = pullFrom<Beat[]>([]);
  assert.equal(pace(source, 0), source);
});

Deno.test("pace() takes an answer of more pieces than a call takes arguments", async () => {
  const long = "abcd".repeat(150_000);
  const beats = (await drain(pace(pullFrom<Beat[]>([[{ events: [text(long)] }]]), 1e9))).flat();
  assert.equal(beats.length, 150_000);
});

Deno.test("untilContent() takes a batch of more beats than a call takes arguments", async () => {
  const { head } = await untilContent(pullFrom([Array.from({ length: 150_000 }, (): Beat => ({ events: [usage] }))]));
  assert.equal(head.length, 150_000);
});

Deno.test("V16 writeReply() wraps foreign errors, so that no foreign text reaches a client", async () => {
  const source = manualPull<Beat[]>();
  source.fail(new Error("secret detail"));
  assert.deepEqual(await drain(writeReply(source, formatter)), [["fail internal"]]);
});

Deno.test("writeReply() reads on over beats that write nothing", async () => {
  const frames = writeReply(pullFrom<Beat[]>([[], [{ events: [] }], [{ events: [usage] }]]), formatter);
  assert.deepEqual(await drain(frames), [["usage"], ["end"]]);
});

Deno.test("toStream() writes frames that came together in one chunk, and waits for no others", async () => {
  const chunks: string[] = [];
  for await (const chunk of toStream(pullFrom([["a", "b"], ["c"]]))) chunks.push(new TextDecoder().decode(chunk));
  assert.deepEqual(chunks, ["ab", "c"]);
});

Deno.test("V14 V15 a client that leaves a silent stream cancels every stage below", async () => {
  const source = manualPull<Beat[]>();
  const reader = toStream(writeReply(observe(source, { item() {}, end() {} }), formatter)).getReader();
  const read = reader.read();
  await reader.cancel("left");
  assert.equal((await read).done, true);
  assert.deepEqual(source.cancelled, { reason: "left" });
});

Deno.test("V16 what arrives after the client left raises nothing", async () => {
  let resolve = (_: string[]) => {};
  const pending = new Promise<string[]>((done) => resolve = done);
  const reader = toStream({ next: () => pending, cancel() {} }).getReader();
  const read = reader.read();
  await reader.cancel();
  resolve(["late"]);
  assert.equal((await read).done, true);
});

Deno.test("observe() tells the outcome exactly once: the end, a failure, or a reader that left", async () => {
  const outcomes: Outcome["type"][] = [];
  const observer = { item() {}, end: ({ type }: Outcome) => void outcomes.push(type) };
  const done = observe(pullFrom([1]), observer);
  await drain(done);
  done.cancel();
  const failing = manualPull<number>();
  failing.fail(new Error("x"));
  await assert.rejects(observe(failing, observer).next());
  const left = observe(manualPull<number>(), observer);
  left.cancel();
  left.cancel();
  assert.deepEqual(outcomes, ["done", "failed", "cancelled"]);
});

Deno.test("observe() ends the source before it tells that the reader left", () => {
  const told: string[] = [];
  const source = { next: () => Promise.resolve(undefined), cancel: () => void told.push("source") };
  observe(source, { item() {}, end: ({ type }) => void told.push(type) }).cancel();
  assert.deepEqual(told, ["source", "cancelled"]);
});

Deno.test("pullLater() cancelled before it is open abandons the opening, and cancels what still opens", async () => {
  const source = manualPull<number>();
  let open = (_: typeof source) => {};
  const opening = new Promise<typeof source>((resolve) => open = resolve);
  const reasons: unknown[] = [];
  const pull = pullLater(opening, (reason) => reasons.push(reason));
  const next = pull.next();
  pull.cancel("left");
  pull.cancel("again");
  open(source);
  assert.equal(await next, undefined);
  assert.deepEqual(reasons, ["left"]);
  assert.deepEqual(source.cancelled, { reason: "left" });
});

Deno.test("pullLater() fails as its opening failed", async () => {
  const pull = pullLater(Promise.reject(new Error("refused")), () => {});
  await assert.rejects(pull.next(), /refused/);
});

Deno.test("pace() gives the same text in token-sized pieces at the pace asked for, and ends when cancelled", () =>
  inFakeTime(async (time) => {
    const source = pullFrom<Beat[]>([[{ events: [start, text("Hello, stream! 🙂🙂"), usage], raw: "x" }]]);
    const beats = pace(source, 10);
    const seen: Beat[] = [];
    const reading = (async () => {
      for (let batch = await beats.next(); batch !== undefined; batch = await beats.next()) seen.push(...batch);
    })();
    await time.pass(0);
    const textOf = () =>
      seen.flatMap(({ events }) => events).map((event) => event.type === "text" ? event.text : "").join("");
    assert.equal(textOf(), "Hell");
    await time.pass(100);
    assert.equal(textOf(), "Hello, s");
    await time.pass(10_000);
    await reading;
    assert.equal(textOf(), "Hello, stream! 🙂🙂");
    assert.ok(seen.every(({ raw }) => raw === undefined));
    assert.deepEqual(seen.at(-1)?.events, [usage]);
  }));

Deno.test("cutText() never cuts inside a character, and loses none", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const pieces = cutText(text);
    assert.equal(pieces.join(""), text);
    assert.ok(pieces.every((piece) => piece.isWellFormed() || !text.isWellFormed()));
  }));
});

Deno.test("delay() leaves at once when its signal is aborted, with the signal's reason", () =>
  inFakeTime(async () => {
    const stop = new AbortController();
    const waiting = assert.rejects(delay(1000, stop.signal), /left/);
    stop.abort(new Error("left"));
    await waiting;
    await assert.rejects(delay(1000, stop.signal), /left/);
  }));

Deno.test("within() rejects what is late and leaves no timer behind what is not", () =>
  inFakeTime(async (time) => {
    const late = assert.rejects(within(new Promise(() => {}), 100, () => new Error("late")), /late/);
    await time.pass(100);
    await late;
    assert.equal(await within(Promise.resolve(1), 100, () => new Error("late")), 1);
    assert.equal(await within(Promise.resolve(2), 0, () => new Error("late")), 2);
  }));

Deno.test("alarm() rings an interval after it was armed last, again and again, and not while disarmed", () =>
  inFakeTime(async (time) => {
    let rings = 0;
    const clock = alarm(100, () => void rings++);
    clock.arm();
    await time.pass(60);
    clock.arm();
    await time.pass(60);
    assert.equal(rings, 0);
    await time.pass(40);
    assert.equal(rings, 1);
    await time.pass(100);
    assert.equal(rings, 2);
    clock.disarm();
    await time.pass(300);
    assert.equal(rings, 2);
    clock.arm();
    await time.pass(100);
    assert.equal(rings, 3);
    clock.stop();
  }));
