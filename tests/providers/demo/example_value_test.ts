/** Values made from JSON Schemas, and that no schema makes too many. */

import { deepEqual, ok } from "node:assert/strict";
import type { Json, JsonObject } from "../../../chat/json.ts";
import { exampleValue } from "../../../providers/demo/example_value.ts";

const examples: [what: string, schema: JsonObject, value: Json][] = [
  ["required properties alone", {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer" }, unit: { enum: ["C", "F"] } },
    required: ["city", "unit"],
  }, { city: "demo", unit: "C" }],
  ["a type that is guessed from the keywords", { properties: { a: { items: { type: "null" } } }, required: ["a"] }, {
    a: [null],
  }],
  ["a required property without a schema", { type: "object", required: ["a"] }, { a: "demo" }],
  ["a nullable type", { type: ["null", "boolean"] }, true],
  ["a constant, null included", { type: "object", properties: { a: { const: null } }, required: ["a"] }, { a: null }],
  ["a default before an enum", { enum: ["a"], default: "b" }, "b"],
  ["the first example", { type: "string", examples: ["x", "y"] }, "x"],
  ["a string of its format", { type: "string", format: "date" }, "2025-01-01"],
  ["a string where the format is unknown", { type: "string", format: "constructor" }, "demo"],
  ["a string of its length", { type: "string", minLength: 6 }, "demo.."],
  ["a string no longer than allowed", { type: "string", maxLength: 2 }, "de"],
  ["a number above its bound", { type: "number", minimum: 2.5 }, 2.5],
  ["an integer above its bound", { type: "integer", exclusiveMinimum: 7 }, 8],
  ["a number below its bound", { type: "number", exclusiveMaximum: 0 }, -1],
  ["as many items as required", { type: "array", items: { type: "boolean" }, minItems: 2 }, [true, true]],
  ["the first option that is not null", { anyOf: [{ type: "null" }, { type: "integer" }] }, 1],
  ["a local reference", { $ref: "#/$defs/a~1b", $defs: { "a/b": { const: 7 } } }, 7],
  ["a reference to nowhere", { $ref: "#/$defs/none" }, "demo"],
  ["all parts of a whole", {
    allOf: [
      { type: "object", properties: { a: { const: 1 } }, required: ["a"] },
      { type: "object", properties: { b: { const: 2 } }, required: ["b"] },
    ],
  }, { a: 1, b: 2 }],
];
for (const [what, schema, value] of examples) {
  Deno.test(`an example has ${what}`, () => deepEqual(exampleValue(schema), value));
}

Deno.test("a schema that requires too much, or itself many times over, gets a small value", () => {
  const required = Array.from({ length: 50 }, (_, at) => `p${at}`);
  const properties = Object.fromEntries(required.map((name) => [name, { $ref: "#" }]));
  const text = JSON.stringify(exampleValue({ type: "object", properties, required }));
  ok(text.length < 100_000);
  ok(JSON.stringify(exampleValue({ type: "string", minLength: 1e12 })).length < 100_000);
  ok(JSON.stringify(exampleValue({ type: "array", minItems: 1e9 })).length < 100_000);
});
