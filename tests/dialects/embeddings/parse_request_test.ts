import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import { parseEmbeddingRequest, textsOf } from "../../../dialects/embeddings/parse_request.ts";

const inputs: [input: unknown, read: (string | number[])[]][] = [
  ["Hi", ["Hi"]],
  ["", [""]],
  [["Hi", "Ho"], ["Hi", "Ho"]],
  [[1, 2, 3], [[1, 2, 3]]],
  [[[1, 2], [3]], [[1, 2], [3]]],
];
for (const [input, read] of inputs) {
  Deno.test(`an input of ${JSON.stringify(input)} is ${read.length} to embed`, () => {
    assert.deepEqual(parseEmbeddingRequest({ model: "m", input }).inputs, read);
  });
}

Deno.test("numbers are what a client gets that asks for no encoding, and what is not given is not there", () => {
  const body = { model: "m", input: "Hi", dimensions: null, encoding_format: null, user: "u", vendor_field: 7 };
  assert.deepEqual(parseEmbeddingRequest(body), { model: "m", inputs: ["Hi"], encoding: "float", body });
  const asked = parseEmbeddingRequest({ ...body, dimensions: 8, encoding_format: "base64" });
  assert.equal(asked.dimensions, 8);
  assert.equal(asked.encoding, "base64");
});

const wrong: [body: unknown, param: string | undefined][] = [
  [[], undefined],
  [{ input: "Hi" }, "model"],
  [{ model: "", input: "Hi" }, "model"],
  [{ model: "m" }, "input"],
  [{ model: "m", input: [] }, "input"],
  [{ model: "m", input: ["Hi", 1] }, "input[1]"],
  [{ model: "m", input: [[1], []] }, "input[1]"],
  [{ model: "m", input: [1.5] }, "input[0]"],
  [{ model: "m", input: "Hi", dimensions: 0 }, "dimensions"],
  [{ model: "m", input: "Hi", encoding_format: "int8" }, "encoding_format"],
];
for (const [body, param] of wrong) {
  Deno.test(`${JSON.stringify(body)} is refused, naming ${param ?? "the body"}`, () => {
    assert.throws(
      () => parseEmbeddingRequest(body),
      (error) => error instanceof GatewayError && error.kind === "invalid-request" && error.param === param,
    );
  });
}

Deno.test("tokens are refused where only text is taken", () => {
  assert.deepEqual(textsOf(parseEmbeddingRequest({ model: "m", input: ["a", "b"] })), ["a", "b"]);
  for (const input of [[1, 2], [[1], [2]]]) {
    assert.throws(() => textsOf(parseEmbeddingRequest({ model: "m", input })), {
      kind: "invalid-request",
      param: "input",
    });
  }
});
