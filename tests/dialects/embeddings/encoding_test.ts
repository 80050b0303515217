import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Json, JsonObject } from "../../../chat/json.ts";
import { encodeAnswer } from "../../../dialects/embeddings/encoding.ts";

function answer(...embeddings: Json[]): JsonObject {
  return { object: "list", model: "m", data: embeddings.map((embedding, index) => ({ index, embedding })) };
}

/** 1, -2 and 0.5 as 32-bit floats, the first byte the lowest. */
const NUMBERS = [1, -2, 0.5];
const BASE64 = "AACAPwAAAMAAAAA/";

Deno.test("numbers become base64 for a client that asked for it, and base64 numbers for one that did not", () => {
  assert.deepEqual(encodeAnswer(answer(NUMBERS, BASE64), "base64"), answer(BASE64, BASE64));
  assert.deepEqual(encodeAnswer(answer(NUMBERS, BASE64), "float"), answer(NUMBERS, NUMBERS));
});

Deno.test("all that is no embedding stays as it is, and so does what a vendor has of its own", () => {
  const odd = { ...answer({ int8: [1] }, null, ["a"], "no base64!"), usage: { total_tokens: 3 } };
  assert.deepEqual(encodeAnswer(odd, "base64"), odd);
  assert.deepEqual(encodeAnswer(odd, "float"), odd);
  const none = { data: [{ index: 0 }, 7] };
  assert.deepEqual(encodeAnswer(none, "base64"), none);
});

Deno.test("what is encoded is decoded to the same 32-bit floats", () => {
  fc.assert(fc.property(fc.array(fc.float({ noNaN: true })), (numbers) => {
    const back = encodeAnswer(encodeAnswer(answer(numbers), "base64"), "float");
    assert.deepEqual(back, answer(numbers));
  }));
});
