import assert from "node:assert/strict";
import { storeBody } from "../../records/store_body.ts";

const redact = (text: string) => text.replaceAll("key", "[redacted]");

Deno.test("a body is kept whole up to the limit, and no character of it is cut in two", () => {
  const kept = (text: string) => storeBody(text, { limit: 6, redact });
  assert.deepEqual(kept("abcdef"), { text: "abcdef", bytes: 6 });
  assert.deepEqual(kept("abcdefg"), { text: "abcdef", bytes: 7, capped: true });
  assert.deepEqual(kept("abcdeé"), { text: "abcde", bytes: 7, capped: true });
});

Deno.test("a secret at the limit is masked before the body is cut, and a mask that is too long is cut as well", () => {
  assert.deepEqual(storeBody("abcdekey", { limit: 6, redact }), { text: "abcde[", bytes: 8, capped: true });
  assert.deepEqual(storeBody("key", { limit: 6, redact }), { text: "[redac", bytes: 3, capped: true });
});
