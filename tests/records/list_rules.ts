/** What every store does with many values: orders, lists and sets them. */

import assert from "node:assert/strict";
import type { Key, ListOptions, Store } from "../../records/store.ts";
import type { Rules } from "./store_contract.ts";

export const LIST_RULES: Rules = {
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
};

/** The keys of a list, page by page, and how many pages it took. */
async function listAll(
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
