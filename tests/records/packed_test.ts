import assert from "node:assert/strict";
import { pack, unpack } from "../../records/packed.ts";

Deno.test("a text is the same once it is unpacked, and a long one that repeats itself is far smaller packed", () => {
  const texts = ["", "a", "Größe 🎈\0", "\ud83c lone".toWellFormed(), "words and ".repeat(100_000)];
  for (const text of texts) assert.equal(unpack(pack(text)), text);
  assert.ok(pack(texts.at(-1)!).byteLength < texts.at(-1)!.length / 50);
});
