import assert from "node:assert/strict";
import { mediaEvent } from "../../dialects/media_event.ts";

Deno.test("mediaEvent() takes base64 as it is, and puts what nearly is into its plain form", () => {
  const dataOf = (given: string) => mediaEvent("image/png", given).map(({ mediaType, data }) => [mediaType, data]);
  for (const data of ["AAAA", "A+/A", "iVBORw0KGgo="]) assert.deepEqual(dataOf(data), [["image/png", data]]);
  for (const data of ["A\r\n+/A\n", "A-_A", " A+/A"]) assert.deepEqual(dataOf(data), [["image/png", "A+/A"]]);
});

Deno.test("mediaEvent() makes nothing of what is no base64", () => {
  for (const data of ["", "=", "AA=A", "AAAA===", "é", "data: x", "{}"]) {
    assert.deepEqual(mediaEvent("image/png", data), []);
  }
});
