import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import { fromGeminiSchema } from "../../../dialects/json_schema/from_gemini.ts";
import { toGeminiSchema } from "../../../dialects/json_schema/to_gemini.ts";

const CASES: [string, JsonObject, JsonObject][] = [
  ["types are lower-cased at every depth", {
    type: "OBJECT",
    properties: { a: { type: "ARRAY", items: { type: "INTEGER" } }, b: { anyOf: [{ type: "STRING" }] } },
    required: ["a"],
  }, {
    type: "object",
    properties: { a: { type: "array", items: { type: "integer" } }, b: { anyOf: [{ type: "string" }] } },
    required: ["a"],
  }],
  [
    "nullable is a type, and null a value of the enum",
    { type: "STRING", format: "enum", enum: ["a"], nullable: true },
    {
      type: ["string", "null"],
      enum: ["a", null],
    },
  ],
  ["a nullable union has a branch for null", { anyOf: [{ type: "STRING" }], nullable: true }, {
    anyOf: [{ type: "string" }, { type: "null" }],
  }],
  ["counts that come as text are numbers", { type: "ARRAY", items: {}, minItems: "1", maxItems: "5" }, {
    type: "array",
    items: {},
    minItems: 1,
    maxItems: 5,
  }],
  ["an unspecified type is none", { type: "TYPE_UNSPECIFIED", description: "D", nullable: true }, { description: "D" }],
  ["an example is one of several", { type: "STRING", example: "x" }, { type: "string", examples: ["x"] }],
  ["keywords of JSON Schema proper stay", { type: "object", additionalProperties: false, $defs: { a: {} } }, {
    type: "object",
    additionalProperties: false,
    $defs: { a: {} },
  }],
];

for (const [name, schema, expected] of CASES) {
  Deno.test(name, () => assert.deepEqual(fromGeminiSchema(schema), expected));
}

Deno.test("properties stand in the order that the schema asks for", () => {
  const schema = { type: "OBJECT", properties: { a: {}, b: {}, c: {} }, propertyOrdering: ["c", "gone", "a"] };
  assert.deepEqual(Object.keys(fromGeminiSchema(schema).properties as JsonObject), ["c", "a", "b"]);
});

Deno.test("what was made for the API is read back as it was", () => {
  const schema = {
    type: "object",
    properties: {
      a: { type: ["string", "null"], enum: ["x", "y", null] },
      b: { type: "array", items: { type: "number", minimum: 0 }, minItems: 1 },
      c: { anyOf: [{ type: "string" }, { type: "integer", format: "int64" }] },
      d: { type: "object", description: "D", properties: { e: { type: "boolean" } }, required: ["e"] },
    },
    required: ["a", "d"],
  };
  assert.deepEqual(fromGeminiSchema(toGeminiSchema(schema)), schema);
});
