import assert from "node:assert/strict";
import { createMemoryStore } from "../../../records/memory_store.ts";
import { createStreamLog, readHead } from "../../../records/stream_log.ts";
import { drain, pullFrom } from "../../../streaming/pull.ts";
import { follow } from "../../../gateway/streams/follow.ts";
import { runStream, type StopReasons } from "../../../gateway/streams/running_stream.ts";
import { manualPull } from "../../support/manual_pull.ts";

const PLACE = { owner: "me", id: "s" };
const NEVER: StopReasons = { abandoned: assert.fail, tooLong: assert.fail, asked: assert.fail };

async function scene() {
  const store = createMemoryStore({ now: Date.now, limit: 1e8 });
  const writer = await createStreamLog(store, PLACE, {
    ...{ now: Date.now, expireIn: 60_000, lifetime: 60_000 },
    ...{ dialect: "openai_chat", contentType: "text/event-stream" },
  });
  assert.ok(writer !== undefined);
  const options = {
    store,
    place: PLACE,
    writer,
    linger: 0,
    limit: 1e9,
    ending: () => "done" as const,
    stop: NEVER,
    failed: assert.ifError,
  };
  return { store, options };
}

Deno.test("a running stream is followed from any frame on, also where that is no longer in memory", async () => {
  const { options } = await scene();
  // More than the window that is kept in memory, and in frames larger than one value of the storage.
  const frames = Array.from({ length: 120 }, (_, at) => `${at} ${"x".repeat(at % 30 === 0 ? 90_000 : 9_000)}`);
  const source = manualPull<string[]>();
  const stream = runStream(source, options);
  const early = drain(follow(stream, { after: 0 }));
  for (const frame of frames) source.give([frame]);
  const late = Promise.all([0, 1, 57, 119, 120].map((after) => drain(follow(stream, { after }))));
  source.end();
  await stream.done;
  assert.deepEqual((await early).flat().map(({ text }) => text), frames);
  (await late).forEach((numbered, at) => {
    const after = [0, 1, 57, 119, 120][at] ?? 0;
    assert.deepEqual(numbered.flat(), frames.slice(after).map((text, index) => ({ number: after + index + 1, text })));
  });
  const after = await drain(follow(stream, { after: 3 }));
  assert.deepEqual(after.flat().map(({ text }) => text), frames.slice(3));
});

Deno.test("who goes on from frames that cannot be seen is told that the storage is away, or else that they have expired", async () => {
  const { store, options } = await scene();
  const frames = Array.from({ length: 100 }, (_, at) => `${at} ${"x".repeat(9_000)}`);
  let degraded: string | undefined;
  const state = () => ({ ...store.state(), ...(degraded !== undefined && { degraded }) });
  let isGone = false;
  const list: typeof store.list = (...args) => isGone ? Promise.resolve([]) : store.list(...args);
  const stream = runStream(pullFrom(frames.map((frame) => [frame])), { ...options, store: { ...store, state, list } });
  await stream.done;
  degraded = "away";
  assert.equal((await stream.read(1)).frames[0], frames[1], "what can be read is given");
  isGone = true;
  await assert.rejects(stream.read(1), { kind: "overloaded" });
  assert.deepEqual((await stream.read(99)).frames, frames.slice(99), "what is in memory needs no storage");
  degraded = undefined;
  await assert.rejects(stream.read(1), { kind: "not-found" });
});

Deno.test("what keeps a connection alive is not kept, and has no number", async () => {
  const { store, options } = await scene();
  const stream = runStream(pullFrom([[": keep-alive\n\n", "a"], [" ", "\n"], ["b"]]), options);
  await stream.done;
  assert.deepEqual((await drain(follow(stream, { after: 0 }))).flat().map(({ text }) => text), ["a", "b"]);
  assert.equal((await readHead(store, PLACE))?.frames, 2);
});

Deno.test("a stream is stopped once nobody followed it for too long, and not while somebody does", async () => {
  const { options } = await scene();
  const source = manualPull<string[]>();
  let isAbandoned = false;
  const stop = {
    ...NEVER,
    abandoned() {
      isAbandoned = true;
      source.end();
    },
  };
  const stream = runStream(source, { ...options, linger: 30, stop });
  const leave = [stream.join(), stream.join()];
  leave[0]?.();
  await new Promise((resolve) => setTimeout(resolve, 90));
  assert.equal(isAbandoned, false);
  leave[1]?.();
  await stream.done;
  assert.equal(isAbandoned, true);
});

Deno.test("a follower that leaves while it waits is let go at once", async () => {
  const { options } = await scene();
  const source = manualPull<string[]>();
  const stream = runStream(source, options);
  let left = 0;
  const follower = follow(stream, { after: 0, left: () => left++ });
  const waiting = follower.next();
  follower.cancel();
  follower.cancel();
  assert.equal(await waiting, undefined);
  assert.equal(left, 1);
  source.end();
  await stream.done;
});

Deno.test("who follows a stream knows its end with its last frame, however long the storage takes to keep it", async () => {
  const { options } = await scene();
  const kept = Promise.withResolvers<void>();
  const writer = { ...options.writer, end: () => kept.promise };
  const stream = runStream(pullFrom([["a\n"], ["b\n"]]), { ...options, writer });
  let isDone = false;
  void stream.done.then(() => isDone = true);
  const followed = await drain(follow(stream, { after: 0 }));
  assert.deepEqual(followed.flat().map(({ text }) => text), ["a\n", "b\n"]);
  assert.equal(isDone, false);
  kept.resolve();
  await stream.done;
});

Deno.test("a stream goes on while the storage is away, and stops once what was kept of it is gone", async () => {
  const { store, options: { writer } } = await scene();
  const state = () => ({ mode: "memory" as const, degraded: "it is slow" });
  const away = { ...store, get: () => Promise.resolve(undefined), state };
  const log = await createStreamLog(away, { owner: "me", id: "away" }, {
    ...{ now: Date.now, expireIn: 60_000, lifetime: 60_000 },
    ...{ dialect: "openai_chat", contentType: "text/event-stream" },
  });
  assert.equal(await log?.beat(), true);
  assert.equal(await writer.beat(), true);
  await store.delete(["streams", PLACE.owner, PLACE.id]);
  assert.equal(await writer.beat(), false);
});
