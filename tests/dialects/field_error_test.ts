/** Tests of what a client is told of a field it got wrong. */

import assert from "node:assert/strict";
import * as z from "zod";
import { fieldError, formatPath } from "../../dialects/field_error.ts";

const schema = z.looseObject({
  model: z.string().min(1),
  n: z.int().min(1).nullish(),
  mode: z.enum(["a", "b"]).nullish(),
  content: z.union([
    z.string(),
    z.array(z.union([
      z.looseObject({ type: z.literal("text"), text: z.string() }),
      z.looseObject({ type: z.literal("image"), image: z.looseObject({ url: z.string() }) }),
    ])),
  ]).nullish(),
});

const CASES: { name: string; body: unknown; message: string; param?: string }[] = [
  { name: "a missing field", body: {}, message: "model is missing, expected string", param: "model" },
  { name: "an empty field", body: { model: "" }, message: 'model is "", expected a non-empty string', param: "model" },
  { name: "a number too small", body: { model: "m", n: 0 }, message: "n is 0, expected at least 1", param: "n" },
  { name: "the first of two", body: { n: 0 }, message: "model is missing, expected string", param: "model" },
  {
    name: "a number too big",
    body: { model: "m", n: 1e300 },
    message: "n is 1e+300, expected at most 9007199254740991",
    param: "n",
  },
  { name: "a fraction", body: { model: "m", n: 1.5 }, message: "n is 1.5, expected integer", param: "n" },
  {
    name: "a word of no vocabulary",
    body: { model: "m", mode: "c" },
    message: 'mode is "c", expected one of a, b',
    param: "mode",
  },
  {
    name: "a field of either of two types",
    body: { model: "m", content: 5 },
    message: "content is 5, expected string or array",
    param: "content",
  },
  {
    name: "the branch of a union that got furthest",
    body: { model: "m", content: [{ type: "text", text: "" }, { type: "image", image: {} }] },
    message: "content[1].image.url is missing, expected string",
    param: "content[1].image.url",
  },
  { name: "a body that is no object", body: [], message: "the body is an empty array, expected object" },
  {
    name: "an object without its members",
    body: { model: { a: "private" } },
    message: "model is an object, expected string",
    param: "model",
  },
  {
    name: "an array without its members",
    body: { model: ["private"] },
    message: "model is an array, expected string",
    param: "model",
  },
  {
    name: "a long value, which is cut",
    body: { model: "m", n: "x".repeat(500) },
    message: `n is "${"x".repeat(59)}…, expected number`,
    param: "n",
  },
];

for (const { name, body, message, param } of CASES) {
  Deno.test(`fieldError() names ${name}`, () => {
    const { error } = schema.safeParse(body);
    assert.ok(error);
    const told = fieldError(error.issues, body);
    assert.equal(told.kind, "invalid-request");
    assert.equal(told.message, `Cannot read the request as ${message}`);
    assert.equal(told.param, param);
  });
}

Deno.test("formatPath() writes a path as JavaScript does", () => {
  assert.equal(formatPath(["messages", 0, "content", 1, "text"]), "messages[0].content[1].text");
  assert.equal(formatPath([]), "");
});
