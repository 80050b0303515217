import assert from "node:assert/strict";
import { keepAlive } from "../../streaming/keep_alive.ts";
import { inFakeTime } from "../support/fake_time.ts";
import { manualPull } from "../support/manual_pull.ts";

const ping = (silence: number) => [`ping ${Math.round(silence)}`];

Deno.test("V6 keepAlive() pings after each interval in which nothing came, and passes frames at once", () =>
  inFakeTime(async (time) => {
    const source = manualPull<string[]>();
    const frames = keepAlive(source, { interval: 100, ping });
    const first = frames.next();
    await time.pass(99);
    source.give(["a"]);
    assert.deepEqual(await first, ["a"]);

    const second = frames.next();
    await time.pass(100);
    assert.deepEqual(await second, ["ping 100"]);
    const third = frames.next();
    await time.pass(100);
    assert.deepEqual(await third, ["ping 200"]);
    source.give(["b"]);
    assert.deepEqual(await frames.next(), ["b"]);
    source.end();
    assert.equal(await frames.next(), undefined);
  }));

Deno.test("V6 keepAlive() piles up no pings for a client that does not read", () =>
  inFakeTime(async (time) => {
    const source = manualPull<string[]>();
    let pings = 0;
    const frames = keepAlive(source, { interval: 100, ping: () => [`${++pings}`] });
    const first = frames.next();
    await time.pass(100);
    assert.deepEqual(await first, ["1"]);
    await time.pass(1000);
    assert.equal(pings, 1);
    source.give(["late"]);
    assert.deepEqual(await frames.next(), ["late"]);
    frames.cancel();
  }));

Deno.test("keepAlive() asks its source once for each frame, however many pings it gave meanwhile", () =>
  inFakeTime(async (time) => {
    const source = manualPull<string[]>();
    const frames = keepAlive(source, { interval: 10, ping });
    for (let round = 0; round < 3; round++) {
      const next = frames.next();
      await time.pass(10);
      await next;
    }
    assert.equal(source.waiting, 1);
    frames.cancel();
  }));

Deno.test("keepAlive() sends the first ping at once where the head of the response waits for it", async () => {
  const source = manualPull<string[]>();
  const frames = keepAlive(source, { interval: 100, ping, immediately: true });
  assert.deepEqual(await frames.next(), ["ping 0"]);
  frames.cancel();
});

Deno.test("keepAlive() hands on a failure that came while a ping was read", () =>
  inFakeTime(async (time) => {
    const source = manualPull<string[]>();
    const frames = keepAlive(source, { interval: 100, ping });
    const first = frames.next();
    await time.pass(100);
    await first;
    source.fail(new Error("broken"));
    await time.pass(0);
    await assert.rejects(frames.next(), /broken/);
  }));

Deno.test("keepAlive() cancels its source and releases whoever waits", async () => {
  const source = manualPull<string[]>();
  const frames = keepAlive(source, { interval: 100, ping });
  const next = frames.next();
  frames.cancel("left");
  assert.equal(await next, undefined);
  assert.deepEqual(source.cancelled, { reason: "left" });
});
