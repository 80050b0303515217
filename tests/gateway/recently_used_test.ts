/** What is forgotten, and what is not. */

import assert from "node:assert/strict";
import { createRecentlyUsed } from "../../gateway/recently_used.ts";

Deno.test("what was not used for longest is forgotten once there is too much", () => {
  const used = createRecentlyUsed<number>({ limit: 2 });
  used.set("a", 1);
  used.set("b", 2);
  assert.equal(used.get("a"), 1);
  used.set("c", 3);
  assert.deepEqual(used.entries(), [["c", 3], ["a", 1]]);
  used.delete("c");
  used.set("d", 4);
  assert.deepEqual(used.entries(), [["d", 4], ["a", 1]]);
});

Deno.test("values with a size are forgotten by their size, and one that is too large is not kept", () => {
  const used = createRecentlyUsed<string>({ limit: 5, sizeOf: ({ length }) => length });
  used.set("a", "12");
  used.set("b", "34");
  used.set("a", "1");
  used.set("c", "56");
  assert.deepEqual(used.entries().map(([name]) => name), ["c", "a", "b"]);
  used.set("d", "7");
  assert.deepEqual(used.entries().map(([name]) => name), ["d", "c", "a"]);
  used.set("c", "too large");
  assert.deepEqual(used.entries().map(([name]) => name), ["d", "a"]);
});

Deno.test("what was used lives on, and what was not is gone after its time", () => {
  let now = 0;
  const used = createRecentlyUsed<number>({ limit: 9, timeToLive: 100, now: () => now });
  used.set("a", 1);
  used.set("b", 2);
  now = 90;
  assert.equal(used.get("a"), 1);
  now = 150;
  assert.equal(used.get("a"), 1);
  assert.equal(used.get("b"), undefined);
  now = 251;
  assert.equal(used.get("a"), undefined);
  assert.deepEqual(used.entries(), []);
});
