/** What every store does with one value: keeps it, replaces it, checks its version, lets it expire. */

import assert from "node:assert/strict";
import type { Entry } from "../../records/store.ts";
import type { Rules } from "./store_contract.ts";

export const VALUE_RULES: Rules = {
  "a value comes back as it was, and its own copy": async (store) => {
    const values = [
      null,
      0,
      "",
      "grüße 😀",
      ["a", { b: [1, 2.5, true] }],
      { "\ud800": "half a character", nested: { deep: {} } },
    ];
    for (const value of values) {
      assert.equal(await store.set(["v", 1], value), true);
      const entry = await store.get(["v", 1]);
      assert(entry);
      assert.deepEqual({ key: entry.key, value: entry.value }, { key: ["v", 1], value });
    }
    const mine = { list: [1] };
    await store.set(["v", 1], mine);
    mine.list.push(2);
    const read = await store.get<typeof mine>(["v", 1]);
    read?.value.list.push(3);
    assert.deepEqual((await store.get(["v", 1]))?.value, { list: [1] });
  },

  "what was never written, or was deleted, is not there": async (store) => {
    assert.equal(await store.get(["a"]), undefined);
    await store.delete(["a"]);
    const key = ["a"];
    await store.set(key, 1);
    key[0] = "b";
    await store.set(["a", "b"], 2);
    await store.delete(["a"]);
    assert.equal(await store.get(["a"]), undefined);
    assert.equal((await store.get(["a", "b"]))?.value, 2);
    assert.deepEqual(await store.list([], { limit: 10 }), [await store.get(["a", "b"])]);
  },

  "a big value comes back whole, also in lists, and after it was replaced by a small one and that by a big one": async (
    store,
  ) => {
    const big = (seed: string) => ({ text: seed.repeat(1_000_000), more: Array(10_000).fill(seed) });
    for (const value of [big("a"), big("ü"), "small", big("b"), "x".repeat(64_000), "x".repeat(65_536)]) {
      await store.set(["big"], value);
      // Not deepEqual: to show how two megabytes differ takes minutes.
      const same = (entry: Entry<unknown> | undefined) => JSON.stringify(entry?.value) === JSON.stringify(value);
      assert(same(await store.get(["big"])));
      assert.deepEqual((await store.list([], { limit: 10 })).map(same), [true]);
    }
    await store.delete(["big"]);
    assert.deepEqual(await store.list([], { limit: 10 }), []);
  },

  "every write gives another version, and a check holds only for the last": async (store) => {
    assert.equal(await store.set(["k"], "a", { check: "0" }), false, "there is no version yet");
    assert.equal(await store.set(["k"], "a", { check: null }), true);
    const first = (await store.get(["k"]))?.version ?? "";
    assert.equal(await store.set(["k"], "b", { check: null }), false, "there is one now");
    assert.equal(await store.set(["k"], "b", { check: first }), true);
    assert.equal(await store.set(["k"], "c", { check: first }), false, "it is no longer the last");
    const entry = await store.get(["k"]);
    assert.equal(entry?.value, "b");
    assert.notEqual(entry?.version, first);
    await store.delete(["k"]);
    assert.equal(await store.set(["k"], "d", { check: entry?.version ?? "" }), false, "it was deleted");
    assert.equal(await store.set(["k"], "d", { check: null }), true);
    assert.notEqual((await store.get(["k"]))?.version, first, "no version comes twice");
  },

  "of many that write with the same check, one succeeds": async (store) => {
    for (const size of [1, 200_000]) {
      const key = ["contested", size];
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, at) => store.set(key, `${at}`.repeat(size), { check: null })),
      );
      assert.deepEqual(outcomes.filter(Boolean), [true]);
      assert.equal((await store.get(key))?.value, `${outcomes.indexOf(true)}`.repeat(size));
    }
  },

  "a value is gone when it expires, to reads, lists and checks": async (store, clock) => {
    await store.set(["e", 1], "short", { expireIn: 1_000 });
    await store.set(["e", 2], "x".repeat(100_000), { expireIn: 1_000 });
    await store.setAll([{ key: ["e", 3], value: "in a group", expireIn: 1_000 }]);
    await store.set(["e", 4], "stays");
    assert.equal(await store.set(["e", 0], "at once", { expireIn: 0 }), true);
    await store.set(["e", 0.5], "soon", { expireIn: 0.5 });
    assert.deepEqual((await store.list(["e"], { limit: 1 })).map(({ value }) => value), ["soon"]);
    clock.pass(999);
    assert.equal((await store.list(["e"], { limit: 10 })).length, 4);
    clock.pass(1);
    assert.equal(await store.get(["e", 1]), undefined);
    assert.equal(await store.get(["e", 2]), undefined);
    assert.deepEqual((await store.list(["e"], { limit: 1 })).map(({ key }) => key), [["e", 4]], "a page is filled up");
    assert.equal(await store.set(["e", 1], "new", { check: null }), true);
    assert.equal(await store.set(["e", 2], "new"), true);
    clock.pass(1_000_000);
    assert.equal((await store.get(["e", 1]))?.value, "new", "the new value does not expire with the old");
    assert.equal((await store.get(["e", 2]))?.value, "new");
  },
};
