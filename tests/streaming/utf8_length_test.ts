/** Tests of counting the bytes of a text. */

import assert from "node:assert/strict";
import { utf8Length } from "../../streaming/utf8_length.ts";

Deno.test("utf8Length() counts what would be sent, of short and long texts and of halves of characters", () => {
  const texts = [
    "",
    "a",
    "ä",
    "日本",
    "😀",
    "\ud83d",
    "\ude00\ud83d",
    `a${"😀".repeat(20_000)}`,
    "ä日😀\ud83d".repeat(9_999),
  ];
  for (const text of texts) {
    assert.equal(utf8Length(text), new TextEncoder().encode(text).length, text.slice(0, 20));
  }
});
