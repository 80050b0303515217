import assert from "node:assert/strict";
import { readNumber } from "../../../gateway/admin/read_query.ts";

Deno.test("a number of a query is written in digits alone, and within its bounds", () => {
  const read = (text?: string) => readNumber(() => text, "limit", { least: 1, most: 100 });
  assert.deepEqual([read("1"), read("100"), read("007"), read()], [1, 100, 7, undefined]);
  for (const wrong of ["0", "101", "-1", "1.5", "1e1", "0x10", " 5", "", "five"]) {
    assert.throws(() => read(wrong), { kind: "invalid-request", param: "limit" }, wrong);
  }
});
