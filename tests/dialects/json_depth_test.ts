import assert from "node:assert/strict";
import { parseJson } from "../../dialects/json.ts";
import { isTooDeep } from "../../dialects/json_depth.ts";

const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const objects = (depth: number) => '{"a":'.repeat(depth) + "1" + "}".repeat(depth);

Deno.test("isTooDeep() counts lists and objects in each other", () => {
  assert.ok(!isTooDeep(lists(500)));
  assert.ok(isTooDeep(lists(501)));
  assert.ok(!isTooDeep(objects(500)));
  assert.ok(isTooDeep(objects(501)));
  assert.ok(!isTooDeep(`[${"[],".repeat(1000)}[]]`), "side by side they are not deep");
});

Deno.test("isTooDeep() reads no brackets in strings, whatever is escaped in them", () => {
  const brackets = "[".repeat(600);
  for (const text of [brackets, `\\"${brackets}`, `\\\\\\"${brackets}`]) {
    assert.ok(!isTooDeep(`["${text}"]`), text.slice(0, 5));
  }
  assert.ok(isTooDeep(`["\\\\"${brackets}`), "an escaped backslash escapes no quote");
  assert.ok(!isTooDeep(`["${brackets}`), "nor in one that does not end");
});

Deno.test("parseJson() takes what is too deep for no JSON", () => {
  assert.equal(parseJson(lists(100_000)), undefined);
  assert.deepEqual(parseJson("[[1]]"), [[1]]);
  assert.equal(parseJson("[[1]"), undefined);
});
