import assert from "node:assert/strict";
import { createMissedWrites } from "../../records/missed_writes.ts";
import { AWAY, inScene, isKv, USED, WARNING } from "./resilient_scene.ts";
import { turn, until } from "./store_contract.ts";

for (const trouble of ["throws", "full"] as const) {
  Deno.test(`a KV that ${trouble === "full" ? "is full" : trouble} breaks nothing, and gets later what it missed`, () =>
    inScene(async ({ store, fake, tryAgain, logged }) => {
      await store.setAll([{ key: ["old"], value: "in KV" }, { key: ["gone"], value: "in KV" }]);
      await store.add(["n"], 10);
      await store.add(["reset"], 10);
      fake.trouble = trouble;
      assert.equal(await store.set(["new"], "big".repeat(100_000)), true);
      await store.setAll([{ key: ["old"], value: "newer" }, { key: ["group"], value: 1 }]);
      await store.delete(["gone"]);
      await store.add(["n"], 3);
      await store.add(["n"], 4);
      await store.delete(["reset"]);
      await store.add(["reset"], 1);
      for (let turn = 0; turn < 3; turn++) await tryAgain();
      assert.deepEqual(store.state(), AWAY);
      assert.deepEqual(logged, [USED, WARNING]);
      fake.trouble = "none";
      await tryAgain();
      await until(() => isKv(store));
      const values = async (key: string) => (await store.get([key]))?.value;
      assert.equal(await values("new"), "big".repeat(100_000));
      assert.deepEqual(await Promise.all(["old", "group", "gone"].map(values)), ["newer", 1, undefined]);
      assert.deepEqual([await store.counter(["n"]), await store.counter(["reset"])], [17, 1]);
      assert.deepEqual(logged, [USED, WARNING, USED]);
    }));
}

Deno.test("what is missed while it is made up for is not lost, and memory is left behind", () =>
  inScene(async ({ store, fake, tryAgain }) => {
    fake.trouble = "throws";
    for (let at = 0; at < 120; at++) await store.add(["n", at % 60], 1);
    for (let at = 0; at < 60; at++) await store.set(["k", at], at);
    fake.trouble = "none";
    await tryAgain();
    let added = 0;
    while (!isKv(store)) {
      await store.add(["n", 0], 1);
      await store.set(["k", 0], ++added);
      await turn();
    }
    assert(added > 0, "it takes a while");
    const sums = (await store.list<number>(["n"], { limit: 100 })).map(({ value }) => value);
    assert.deepEqual(sums, [2 + added, ...Array(59).fill(2)]);
    assert.equal((await store.get(["k", 0]))?.value, added);
    fake.trouble = "throws";
    assert.equal(
      await store.get(["k", 1]),
      undefined,
      "what memory held is in KV, and nothing of before is shown later",
    );
  }));

Deno.test("a value that was missed expires when it should have", () =>
  inScene(async ({ store, fake, time, tryAgain }) => {
    fake.trouble = "throws";
    await store.set(["short"], 1, { expireIn: 60_000 });
    await store.setAll([{ key: ["long"], value: 1, expireIn: 1_000_000 }]);
    fake.trouble = "none";
    await tryAgain();
    await until(() => isKv(store));
    assert.equal(await store.get(["short"]), undefined);
    assert.equal((await store.get(["long"]))?.value, 1);
    await time.pass(400_000);
    assert.equal(await store.get(["long"]), undefined);
  }));

Deno.test("what was written only where nothing is, and may or may not have reached KV, is no other's value", () =>
  inScene(async ({ store, fake, tryAgain, logged }) => {
    await store.get(["any"]);
    fake.trouble = "mute";
    // The first of them gives KV up, while it is still at the others.
    let ahead = 0;
    fake.beforeCommit = async () => {
      for (let turns = 20 * ahead++; turns > 0; turns--) await turn();
    };
    const streams = ["a", "b", "c"];
    const begun = streams.map((id) => store.set(["stream", id], { frames: 0 }, { check: null }));
    assert.deepEqual(await Promise.all(begun), [true, true, true]);
    assert.deepEqual(store.state(), AWAY);
    await store.setAll(streams.map((id) => ({ key: ["stream", id], value: { frames: 7, end: "done" } })));
    fake.trouble = "none";
    await tryAgain();
    await until(() => isKv(store));
    const kept = await store.list(["stream"], { limit: 10 });
    assert.deepEqual(kept.map(({ value }) => value), Array(3).fill({ frames: 7, end: "done" }));
    assert.deepEqual(logged, [USED, WARNING, USED], "nothing is lost");
  }));

Deno.test("what may have reached KV while it was made up for is no other's value either", () =>
  inScene(async ({ store, fake, tryAgain, logged }) => {
    await store.get(["any"]);
    fake.trouble = "throws";
    await store.get(["any"]);
    assert.equal(await store.set(["stream"], { frames: 1 }, { check: null }), true, "KV was not asked");
    fake.trouble = "mute";
    await tryAgain();
    await until(() => fake.closed === 2);
    assert.deepEqual(store.state(), AWAY);
    fake.trouble = "none";
    await store.setAll([{ key: ["stream"], value: { frames: 2, end: "done" } }]);
    await tryAgain();
    await until(() => isKv(store));
    assert.deepEqual((await store.get(["stream"]))?.value, { frames: 2, end: "done" });
    assert.deepEqual(logged, [USED, WARNING, USED]);
  }));

Deno.test("what was to be written only where nothing is replaces nothing later, and that is told", () =>
  inScene(async ({ store, fake, tryAgain, logged }) => {
    await store.set(["taken"], "first");
    const version = (await store.get(["taken"]))?.version ?? "";
    fake.trouble = "throws";
    assert.equal(await store.set(["taken"], "second", { check: null }), true, "memory cannot know");
    assert.equal(await store.set(["other"], "from KV's version", { check: version }), false);
    assert.equal(await store.set(["free"], 1, { check: null }), true);
    fake.trouble = "none";
    await tryAgain();
    await until(() => isKv(store));
    assert.equal((await store.get(["taken"]))?.value, "first");
    assert.equal((await store.get(["free"]))?.value, 1);
    assert.equal(await store.get(["other"]), undefined);
    assert.deepEqual(logged, [
      USED,
      WARNING,
      "WARN Cannot write all that was kept in memory while Deno KV was away",
      USED,
    ]);
  }));

Deno.test("writes that a busy KV refuses, while it takes others, are made again", () =>
  inScene(async ({ store, fake, tryAgain, logged }) => {
    await store.get(["any"]);
    fake.trouble = "throws";
    for (let at = 0; at < 40; at++) await store.set(["k", at], at);
    fake.trouble = "none";
    let commits = 0;
    fake.beforeCommit = () =>
      ++commits > 3 && commits < 60 && commits % 2 === 0
        ? Promise.reject(new Error("the server is busy"))
        : Promise.resolve();
    await tryAgain();
    await until(() => isKv(store));
    assert.equal((await store.list(["k"], { limit: 100 })).length, 40);
    assert.deepEqual(logged, [USED, WARNING, USED]);
  }));

Deno.test("a write that KV refuses for ever does not hold up the others", () =>
  inScene(async ({ store, fake, tryAgain, logged }) => {
    await store.set(["value"], 1);
    fake.trouble = "throws";
    await store.add(["value"], 1);
    await store.set(["a"], 1);
    fake.trouble = "none";
    await tryAgain();
    await until(() => isKv(store));
    assert.equal((await store.get(["a"]))?.value, 1);
    assert.equal(logged.length, 4);
  }));

Deno.test("where KV goes away again while it gets what it missed, nothing of that is lost", () =>
  inScene(async ({ store, fake, tryAgain }) => {
    fake.trouble = "throws";
    for (let at = 0; at < 200; at++) await store.set(["k", at], at);
    fake.trouble = "none";
    let commits = 0;
    fake.beforeCommit = () => {
      if (++commits === 70) fake.trouble = "throws";
      return Promise.resolve();
    };
    await tryAgain();
    await until(() => fake.trouble === "throws");
    await until(() => fake.closed === 2);
    assert.deepEqual(store.state(), AWAY);
    fake.beforeCommit = () => Promise.resolve();
    fake.trouble = "none";
    await tryAgain();
    await until(() => isKv(store));
    assert.equal((await store.list(["k"], { limit: 1_000 })).length, 200);
  }));

Deno.test("what is missed is known by its keys, the oldest of too many are forgotten", () => {
  const missed = createMissedWrites({ now: () => 1_000, limit: 3 });
  for (const at of [1, 2, 3, 1, 4]) missed.set(["k", at], { expireIn: at });
  assert.equal(missed.count(), 3);
  const taken = missed.take(2);
  assert.deepEqual(taken.map(({ key, expiresAt }) => [key[1], expiresAt]), [[3, 1_003], [1, 1_001]]);
  assert.deepEqual([missed.count(), missed.take(9).length, missed.count()], [1, 1, 0]);
});

Deno.test("the first write of a key decides whether it may replace, the last what is written", () => {
  const missed = createMissedWrites({ now: () => 1_000, limit: 100 });
  missed.set(["new"], { check: null });
  missed.set(["new"], { check: "1" });
  missed.set(["old"], { check: "1" });
  missed.set(["any"], {});
  missed.set(["deleted"], { check: null });
  missed.delete(["deleted"]);
  missed.set(["deleted"], { check: null });
  missed.add(["sum"], 2);
  missed.delete(["gone"]);
  missed.add(["reset"], 9);
  missed.delete(["reset"]);
  missed.add(["reset"], 5);
  missed.add(["reset"], -1);
  const seen = missed.take(100).map(({ key, kind, amount, replaces }) => [key[0], kind, amount, replaces]);
  assert.deepEqual(seen, [
    ["new", "set", 0, false],
    ["old", "set", 0, true],
    ["any", "set", 0, true],
    ["deleted", "set", 0, true],
    ["sum", "add", 2, false],
    ["gone", "delete", 0, true],
    ["reset", "add", 4, true],
  ]);
});

Deno.test("what is put back counts with what was missed since", () => {
  const missed = createMissedWrites({ now: () => 1_000, limit: 100 });
  missed.add(["sum"], 2);
  missed.add(["reset"], 1);
  missed.delete(["reset"]);
  missed.set(["new"], { check: null });
  missed.set(["replaced"], { expireIn: 5 });
  missed.add(["same"], 7);
  const taken = missed.take(100);
  missed.add(["sum"], 3);
  missed.add(["reset"], 4);
  missed.set(["new"], {});
  missed.delete(["replaced"]);
  missed.putBack(taken);
  const seen = missed.take(100).map(({ key, kind, amount, replaces }) => [key[0], kind, amount, replaces]);
  assert.deepEqual(seen.sort(), [
    ["new", "set", 0, false],
    ["replaced", "delete", 0, true],
    ["reset", "add", 4, true],
    ["same", "add", 7, false],
    ["sum", "add", 5, false],
  ]);
});
