import assert from "node:assert/strict";
import { flatMap, joined } from "../../chat/lists.ts";

Deno.test("flatMap gives what the built-in one gives, places included, of any number of items", () => {
  const each = (item: string, at: number) => Array.from({ length: at }, () => `${item}${at}`);
  for (const items of [[], ["a"], ["a", "b"], ["a", "b", "c", "d"]]) {
    assert.deepEqual(flatMap(items, each), items.flatMap(each));
  }
});

Deno.test("joined gives both lists in their order, and one itself where the other is empty", () => {
  const list = [1, 2];
  assert.deepEqual(joined(list, [3]), [1, 2, 3]);
  assert.deepEqual(list, [1, 2]);
  assert.equal(joined(list, []), list);
  assert.equal(joined([], list), list);
  assert.deepEqual(joined([], []), []);
});
