/** What every store must do, as tests to be run over each of them. */

import assert from "node:assert/strict";
import type { Key, ListOptions, Store } from "../../records/store.ts";

export interface Clock {
  now: () => number;
  /** Lets time pass. */
  pass(milliseconds: number): void;
}

type Make = (clock: Clock) => Store | Promise<Store>;

/** Registers a test of each rule; `make` gives an empty store. */
export function testStore(name: string, make: Make): void {
  for (const [rule, run] of Object.entries(RULES)) {
    Deno.test(`${name}: ${rule}`, async () => {
      let time = 1_700_000_000_000;
      const clock = { now: () => time, pass: (milliseconds: number) => void (time += milliseconds) };
      const store = await make(clock);
      try {
        await run(store, clock);
      } finally {
        await store.close();
      }
    });
  }
}

/** The keys of a list, page by page, and how many pages it took. */
export async function listAll(
  store: Store,
  prefix: Key,
  options: ListOptions,
): Promise<{ keys: Key[]; pages: number }> {
  const keys: Key[] = [];
  let [after, pages] = [options.after, 0];
  while (true) {
    const page = await store.list(prefix, { ...options, ...(after !== undefined && { after }) });
    if (page.length === 0) return { keys, pages };
    keys.push(...page.map(({ key }) => key));
    after = page.at(-1)?.key;
    if (++pages > 10_000) assert.fail("the pages do not end");
  }
}

const RULES: Record<string, (store: Store, clock: Clock) => Promise<void>> = {
  "a value comes back as it was, and its own copy": async (store) => {
    const values = [
      null,
      0,
      "",
      "grüße 😀",
      ["a", { b: [1, 2.5, true] }],
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
    const big = (seed: string) => ({
      text: seed.repeat(1_000_000),
      list: Array.from({ length: 1000 }, (_, at) => seed + at),
    });
    for (const value of [big("a"), big("ü"), "small", big("b"), "x".repeat(64_000), "x".repeat(65_536)]) {
      await store.set(["big"], value);
      assert.deepEqual((await store.get(["big"]))?.value, value);
      assert.deepEqual((await store.list<unknown>([], { limit: 10 })).map((entry) => entry.value), [value]);
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

  "keys are ordered part by part, texts by code points and before numbers": async (store) => {
    const sorted: Key[] = [
      ["o", ""],
      ["o", "", "x"],
      ["o", "a"],
      ["o", "a", "b"],
      ["o", "a", -1],
      ["o", "aa"],
      ["o", "b"],
      ["o", "ﬁ"],
      ["o", "😀"],
      ["o", -Infinity],
      ["o", -1.5],
      ["o", 0],
      ["o", 2],
      ["o", 10],
      ["o", 10, "x"],
      ["o", 1e100],
    ];
    await store.setAll([...sorted].reverse().map((key) => ({ key, value: null })));
    await store.setAll([{ key: ["n"], value: null }, { key: ["o"], value: null }, { key: ["oo", 1], value: null }]);
    const keys = (options: ListOptions) => store.list(["o"], options).then((page) => page.map(({ key }) => key));
    assert.deepEqual(await keys({ limit: 100 }), sorted);
    assert.deepEqual(await keys({ limit: 100, reverse: true }), [...sorted].reverse());
    for (const limit of [1, 3, 5]) {
      assert.deepEqual((await listAll(store, ["o"], { limit })).keys, sorted);
      assert.deepEqual((await listAll(store, ["o"], { limit, reverse: true })).keys, [...sorted].reverse());
    }
    assert.deepEqual(await keys({ limit: 2, after: ["o", "a", "missing"] }), [["o", "a", -1], ["o", "aa"]]);
    assert.deepEqual(await keys({ limit: 1, after: ["o", 5], reverse: true }), [["o", 2]]);
    assert.deepEqual(await keys({ limit: 0 }), []);
    const everything = await store.list([], { limit: 100 });
    assert.deepEqual([everything[0]?.key, everything[1]?.key, everything.at(-1)?.key], [["n"], ["o"], ["oo", 1]]);
    assert.deepEqual(await store.list(["nothing"], { limit: 1 }), []);
  },

  "10,000 entries are listed page by page, both ways": async (store) => {
    const sorted = Array.from({ length: 10_000 }, (_, at) => ["r", at]);
    await store.setAll(sorted.map((key) => ({ key, value: { at: key[1] } })));
    const forth = await listAll(store, ["r"], { limit: 1_500 });
    assert.deepEqual(forth, { keys: sorted, pages: 7 });
    const back = await listAll(store, ["r"], { limit: 100, reverse: true });
    assert.deepEqual(back, { keys: sorted.reverse(), pages: 100 });
  },

  "many small and some big values are set at once, the later of one key last": async (store) => {
    const writes = Array.from(
      { length: 250 },
      (_, at) => ({ key: ["w", at], value: at % 100 === 3 ? "b".repeat(100_000) : at }),
    );
    await store.set(["w", 5], "o".repeat(100_000));
    const both = [{ key: ["x", 7], value: "b".repeat(100_000) }, { key: ["x", "7"], value: "a text's" }];
    await store.setAll([...both, ...writes, { key: ["w", 7], value: "later" }, { key: ["x", 7], value: "later" }]);
    assert.deepEqual((await store.list(["x"], { limit: 9 })).map(({ value }) => value), ["a text's", "later"]);
    const entries = await store.list<unknown>(["w"], { limit: 1_000 });
    assert.equal(entries.length, 250);
    assert.deepEqual(
      entries.map(({ value }) => value),
      writes.map(({ value }, at) => at === 7 ? "later" : value),
    );
    await store.setAll([]);
  },

  "counters add up, below zero as well, and nothing of concurrent additions is lost": async (store) => {
    assert.equal(await store.counter(["c", "a"]), 0);
    await Promise.all(Array.from({ length: 50 }, (_, at) => store.add(["c", "a"], at)));
    assert.equal(await store.counter(["c", "a"]), 1225);
    await store.add(["c", "b"], -5);
    assert.equal(await store.counter(["c", "b"]), -5);
    await store.add(["c", "b"], 7);
    await store.add(["c", "big"], Number.MAX_SAFE_INTEGER);
    const sums = (await store.list<number>(["c"], { limit: 10 })).map(({ key, value }) => [...key, value]);
    assert.deepEqual(sums, [["c", "a", 1225], ["c", "b", 2], ["c", "big", Number.MAX_SAFE_INTEGER]]);
    assert.equal((await store.get(["c", "b"]))?.value, 2);
    await store.delete(["c", "a"]);
    assert.equal(await store.counter(["c", "a"]), 0);
    await store.set(["c", "value"], 3);
    assert.equal(await store.counter(["c", "value"]), 0, "a value is no counter");
  },

  "who watches a key is called when it is set, deleted or added to, and not after it stopped": async (store) => {
    const calls = { both: 0, other: 0, stopped: 0 };
    // Twelve keys: Deno KV watches ten at a time.
    const many = Array.from({ length: 10 }, (_, at) => ["many", at]);
    const stops = [
      store.watch([...many, ["w"], ["n"]], () => calls.both++),
      store.watch([["other"]], () => calls.other++),
    ];
    store.watch([["w"]], () => calls.stopped++)();
    await settle();
    const changes = [
      () => store.set(["w"], 1),
      () => store.set(["many", 3], "x".repeat(100_000)),
      () => store.setAll([{ key: ["w"], value: 2 }]),
      () => store.add(["n"], 1),
      () => store.delete(["w"]),
    ];
    for (const change of changes) {
      const before = { ...calls };
      await change();
      await until(() => calls.both > before.both);
      assert.equal(calls.other, before.other);
    }
    stops.forEach((stop) => stop());
    const before = { ...calls };
    await store.set(["w"], 3);
    await store.set(["other"], 3);
    await settle();
    assert.deepEqual(calls, before);
    assert.equal(calls.stopped, 0);
  },

  "what the caller does wrong is refused, and changes nothing": async (store) => {
    const long = ["x".repeat(3_000)];
    for (
      const refused of [
        () => store.set([], 1),
        () => store.set(long, 1),
        () => store.setAll([{ key: long, value: 1 }]),
        () => store.add(long, 1),
        () => store.add(["n"], 0.5),
        () => store.set(["f"], () => {}),
        () => store.setAll([{ key: ["f"], value: () => {} }]),
        () => store.list(["a"], { limit: 1, after: ["b", 1] }),
        () => store.list(["a"], { limit: 1, after: ["a"] }),
      ]
    ) await assert.rejects(refused, /Cannot|could not be cloned/, String(refused));
    assert.deepEqual(await store.list([], { limit: 10 }), []);
    assert.equal(store.state().degraded, undefined, "it is not the storage's fault");
  },
};

/** Until what happens soon has happened: KV calls back through its own threads. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 2_000) assert.fail("it did not happen in two seconds");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
