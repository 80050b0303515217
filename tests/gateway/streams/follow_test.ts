import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { follow } from "../../../gateway/streams/follow.ts";
import type { Feed } from "../../../gateway/streams/feed.ts";
import { drain } from "../../../streaming/pull.ts";
import { inFakeTime } from "../../support/fake_time.ts";

/** A feed that a test writes, and how many watch it. */
function writtenFeed(interval = 0) {
  const frames: string[] = [];
  const watchers = new Set<() => void>();
  const state = { isEnded: false, whileReading: () => {} };
  const feed: Feed = {
    async read(after) {
      const given = { frames: frames.slice(after), isEnded: state.isEnded };
      state.whileReading();
      await Promise.resolve();
      return given;
    },
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    interval,
  };
  return {
    feed,
    state,
    watchers,
    write(frame: string): void {
      frames.push(frame);
      for (const changed of watchers) changed();
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

Deno.test("a frame that is written while there is none to be read yet, before anybody waits for it, is given at once", async () => {
  const { feed, state, write } = writtenFeed();
  const followed = follow(feed, { after: 0 });
  for (const [at, text] of ["a", "b", "c"].entries()) {
    state.whileReading = () => {
      state.whileReading = () => {};
      write(text);
    };
    assert.deepEqual(await Promise.race([followed.next(), turn().then(turn)]), [{ number: at + 1, text }]);
  }
  followed.cancel();
});

Deno.test("V16 however following ends, it is told of once, and nothing holds on to who followed", async () => {
  const { signal } = new AbortController();
  const closing = new AbortController();
  const ways: [name: string, signal: AbortSignal, end: (scene: ReturnType<typeof writtenFeed>) => unknown][] = [
    ["its end", signal, ({ state }) => state.isEnded = true],
    ["leaving", signal, () => {}],
    ["closing", closing.signal, () => closing.abort(new Error("closing"))],
    ["a failure", signal, ({ feed }) => feed.read = () => Promise.reject(new Error("expired"))],
  ];
  for (const [name, signal, end] of ways) {
    const scene = writtenFeed();
    let left = 0;
    const followed = follow(scene.feed, { after: 0, left: () => left++, closing: signal });
    assert.equal(getEventListeners(signal, "abort").length, 1, name);
    scene.write("a");
    await followed.next();
    end(scene);
    if (name !== "leaving") await drain(followed).catch(() => {});
    followed.cancel();
    assert.deepEqual([left, scene.watchers.size, getEventListeners(signal, "abort").length], [1, 0, 0], name);
    assert.equal(await followed.next(), undefined, name);
  }
});

Deno.test("who follows a stream that is written elsewhere looks again by the clock, which stops as they leave", () =>
  inFakeTime(async ({ pass }) => {
    const { feed, state, write, watchers } = writtenFeed(1000);
    const followed = follow(feed, { after: 0 });
    let looks = 0;
    state.whileReading = () => looks++;
    const next = followed.next();
    await pass(500);
    const before = looks;
    watchers.clear();
    write("a");
    await pass(499);
    assert.equal(looks, before);
    await pass(1);
    assert.deepEqual(await next, [{ number: 1, text: "a" }]);
    const pending = followed.next();
    await pass(100);
    followed.cancel();
    assert.equal(await pending, undefined);
  }));
