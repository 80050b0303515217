import assert from "node:assert/strict";
import type { Beat } from "../../chat/event.ts";
import { watchSilence } from "../../streaming/watch_silence.ts";
import { inFakeTime } from "../support/fake_time.ts";
import { manualPull } from "../support/manual_pull.ts";

const role: Beat[] = [{ events: [{ type: "start", id: "1", model: "m" }] }];
const text: Beat[] = [{ events: [{ type: "text", text: "x" }] }];

Deno.test("E13 watchSilence() names the first-content clock, which frames without content do not stop", () =>
  inFakeTime(async (time) => {
    const source = manualPull<Beat[]>();
    const beats = watchSilence(source, { firstContent: 100, idle: 50 });
    source.give(role);
    await beats.next();
    await time.pass(60);
    source.give(role);
    await beats.next();
    const next = assert.rejects(beats.next(), { kind: "upstream-timeout", code: "first_content_timeout" });
    await time.pass(40);
    await next;
    assert.ok(source.cancelled);
  }));

Deno.test("V3 E13 watchSilence() finds an upstream that fell silent, and names the idle clock", () =>
  inFakeTime(async (time) => {
    const source = manualPull<Beat[]>();
    const beats = watchSilence(source, { firstContent: 1000, idle: 50 });
    source.give(text);
    await beats.next();
    const next = assert.rejects(beats.next(), { kind: "upstream-timeout", code: "idle_timeout" });
    await time.pass(50);
    await next;
    assert.ok(source.cancelled);
  }));

Deno.test("watchSilence() does not count the time in which nobody reads", () =>
  inFakeTime(async (time) => {
    const source = manualPull<Beat[]>();
    const beats = watchSilence(source, { firstContent: 1000, idle: 50 });
    source.give(text);
    await beats.next();
    await time.pass(500);
    source.give(text);
    assert.deepEqual(await beats.next(), text);
    beats.cancel();
  }));

Deno.test("watchSilence() keeps the error of a clock that ran out while nobody waited", () =>
  inFakeTime(async (time) => {
    const beats = watchSilence(manualPull<Beat[]>(), { firstContent: 100, idle: 50 });
    await time.pass(100);
    await assert.rejects(beats.next(), { code: "first_content_timeout" });
  }));

Deno.test("watchSilence() with limits of 0 waits for ever", () =>
  inFakeTime(async (time) => {
    const source = manualPull<Beat[]>();
    const beats = watchSilence(source, { firstContent: 0, idle: 0 });
    const next = beats.next();
    await time.pass(10_000_000);
    source.give(text);
    assert.deepEqual(await next, text);
    source.end();
    assert.equal(await beats.next(), undefined);
  }));

Deno.test("V15 watchSilence() cancels its source when it is cancelled, and no clock of it runs on", () =>
  inFakeTime(async () => {
    const source = manualPull<Beat[]>();
    const beats = watchSilence(source, { firstContent: 100, idle: 50 });
    const next = beats.next();
    beats.cancel("left");
    assert.equal(await next, undefined);
    assert.deepEqual(source.cancelled, { reason: "left" });
  }));

Deno.test("watchSilence() hands on what its source fails with, before or after its first content, and no clock runs on", () =>
  inFakeTime(async () => {
    for (const before of [role, text]) {
      const source = manualPull<Beat[]>();
      const beats = watchSilence(source, { firstContent: 100, idle: 50 });
      source.give(before);
      await beats.next();
      source.fail(new Error("broken"));
      await assert.rejects(beats.next(), /broken/);
    }
  }));
