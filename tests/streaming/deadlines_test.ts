/** Deadlines that share a timer ring as if each had its own. */

import assert from "node:assert/strict";
import { clearDeadline, setDeadline } from "../../streaming/deadlines.ts";
import { inFakeTime } from "../support/fake_time.ts";

Deno.test("each deadline rings at its own time, whatever was set or cleared between", () =>
  inFakeTime(async (time) => {
    const rang: string[] = [];
    const set = (name: string, milliseconds: number) => setDeadline(milliseconds, () => rang.push(name));
    const first = set("first", 1000);
    set("short", 300);
    await time.pass(400);
    set("second", 1000);
    clearDeadline(first);
    await time.pass(700);
    assert.deepEqual(rang, ["short"]);
    await time.pass(300);
    assert.deepEqual(rang, ["short", "second"]);
  }));

Deno.test("deadlines of one length that are due together ring in the order in which they were set", () =>
  inFakeTime(async (time) => {
    const rang: number[] = [];
    for (const at of [1, 2, 3]) setDeadline(50, () => rang.push(at));
    await time.pass(50);
    assert.deepEqual(rang, [1, 2, 3]);
  }));

Deno.test("what is set or cleared while a deadline rings counts", () =>
  inFakeTime(async (time) => {
    const rang: string[] = [];
    setDeadline(100, () => {
      rang.push("first");
      clearDeadline(second);
      setDeadline(100, () => rang.push("third"));
    });
    const second = setDeadline(100, () => rang.push("second"));
    await time.pass(100);
    assert.deepEqual(rang, ["first"]);
    await time.pass(100);
    assert.deepEqual(rang, ["first", "third"]);
  }));

Deno.test("a deadline that throws does not keep the others from ringing", () =>
  inFakeTime(async (time) => {
    const rang: string[] = [];
    setDeadline(100, () => {
      throw new Error("Cannot ring");
    });
    setDeadline(100, () => rang.push("other"));
    await assert.rejects(time.pass(100), /Cannot ring/);
    await time.pass(1);
    assert.deepEqual(rang, ["other"]);
  }));

Deno.test("no timer is left where nothing is waited for", () =>
  // Which the fake time checks at its end.
  inFakeTime(async (time) => {
    const deadlines = [100, 100, 5000].map((milliseconds) => setDeadline(milliseconds, () => {}));
    await time.pass(10);
    for (const deadline of deadlines) clearDeadline(deadline);
    clearDeadline(deadlines[0]);
  }));

Deno.test("a thousand deadlines of one length are one timer", async () => {
  const { setTimeout } = globalThis;
  let timers = 0;
  Object.assign(globalThis, {
    setTimeout: (...given: Parameters<typeof setTimeout>) => (timers++, setTimeout(...given)),
  });
  try {
    const deadlines = Array.from({ length: 1000 }, () => setDeadline(60_000, () => {}));
    for (const deadline of deadlines) clearDeadline(deadline);
  } finally {
    Object.assign(globalThis, { setTimeout });
  }
  await Promise.resolve();
  assert.equal(timers, 1);
});
