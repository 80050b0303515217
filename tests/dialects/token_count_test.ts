import assert from "node:assert/strict";
import { tokenCount } from "../../dialects/token_count.ts";

Deno.test("A5 tokenCount() reads whole numbers, and takes all else for none", () => {
  for (const value of [0, 7, 2_000_000]) assert.equal(tokenCount(value), value);
  // JSON writes what is infinite as null, which is where Claude Code fails.
  for (const value of [-1, 1.5, 1e300, JSON.parse("1e999"), "7", null, undefined, [7], true]) {
    assert.equal(tokenCount(value), undefined, String(value));
  }
});
