/** Tests of schemas for vendors that take few words of JSON Schema. */

import assert from "node:assert/strict";
import type { Json, JsonObject } from "../../../chat/json.ts";
import { isObject } from "../../../dialects/json.ts";
import { isPlainSchema } from "../../../dialects/json_schema/is_plain.ts";
import { toPlainSchema } from "../../../dialects/json_schema/to_plain.ts";

const object = (properties: JsonObject, rest: JsonObject = {}): JsonObject => ({ type: "object", properties, ...rest });
const TEXT = { type: "string" };

/** Each was refused by Moonshot: see the sources in `providers/taken/tool_remedies.ts`. */
const CASES: [name: string, schema: JsonObject, plain: JsonObject][] = [
  ["a type beside a union", object({ skill: { type: "string", anyOf: [{ minLength: 1 }, { enum: ["a"] }] } }), {
    ...object({ skill: { anyOf: [{ type: "string", minLength: 1 }, { type: "string", enum: ["a"] }] } }),
  }],
  [
    "a reference with words beside it",
    {
      ...object({ id: { $ref: "#/$defs/id", description: "Whose" } }),
      $defs: { id: { type: "string", minLength: 1 } },
    },
    object({ id: { type: "string", description: "Whose", minLength: 1 } }),
  ],
  [
    "a reference to definitions",
    { ...object({ id: { $ref: "#/definitions/id" } }), definitions: { id: TEXT } },
    object({ id: TEXT }),
  ],
  [
    "a property without a type",
    object({ lang: { enum: ["de", "en"] } }),
    object({
      lang: { type: "string", enum: ["de", "en"] },
    }),
  ],
  [
    "a tuple",
    object({ pair: { type: "array", items: [TEXT, { type: "integer" }] } }),
    object({
      pair: { type: "array", items: { anyOf: [TEXT, { type: "integer" }] }, minItems: 2, maxItems: 2 },
    }),
  ],
  [
    "a list of types",
    object({ name: { type: ["string", "null"], description: "Whose" } }),
    object({
      name: { anyOf: [{ type: "string", description: "Whose" }, { type: "null" }] },
    }),
  ],
  [
    "a choice that may be null",
    object({ lang: { enum: ["de", null] } }),
    object({
      lang: { anyOf: [{ type: "string", enum: ["de"] }, { type: "null" }] },
    }),
  ],
  [
    "a union at the root",
    {
      type: "object",
      anyOf: [
        object({ file: TEXT, text: TEXT }, { required: ["file", "text"] }),
        object({ file: TEXT, url: TEXT }, {
          required: ["file", "url"],
        }),
      ],
    },
    object({ file: TEXT, text: TEXT, url: TEXT }, { required: ["file"] }),
  ],
  ["no schema", {}, object({})],
  ["a list of anything", object({ labels: { type: "array" } }), object({ labels: { type: "array", items: TEXT } })],
  ["a plain schema", object({ a: TEXT, b: object({ c: { type: "boolean" } }) }, { required: ["a"] }), {
    ...object({ a: TEXT, b: object({ c: { type: "boolean" } }) }, { required: ["a"] }),
  }],
];

/** What of a schema such a vendor refuses. */
function faultsOf(node: Json, path = "root"): string[] {
  if (!isObject(node)) return [`${path} is no object`];
  const { type, properties, items, anyOf } = node;
  const faults = ["$ref", "$defs", "definitions", "oneOf", "allOf"].filter((word) => word in node);
  if (anyOf === undefined ? typeof type !== "string" : type !== undefined) faults.push("type");
  return [
    ...faults.map((word) => `${path}: ${word}`),
    ...Object.entries(isObject(properties) ? properties : {}).flatMap(([name, one]) => faultsOf(one ?? null, name)),
    ...(items === undefined ? [] : faultsOf(items, `${path}[]`)),
    ...(Array.isArray(anyOf) ? anyOf.flatMap((one, at) => faultsOf(one, `${path}|${at}`)) : []),
  ];
}

for (const [name, schema, plain] of CASES) {
  Deno.test(`${name} is told in plain words`, () => {
    assert.deepEqual(toPlainSchema(schema), plain);
    assert.deepEqual(faultsOf(plain), []);
    assert.equal(isPlainSchema(schema), name === "a plain schema");
  });
}

Deno.test("types in a list are parted within a union, too", () => {
  const union = [{ type: "array", items: { type: ["string", "null"] } }, TEXT];
  assert.deepEqual(toPlainSchema(object({ a: { anyOf: union } })), {
    ...object({ a: { anyOf: [{ type: "array", items: { anyOf: [TEXT, { type: "null" }] } }, TEXT] } }),
  });
});

const KNOWN: JsonObject[] = [
  ...["number", "integer", "boolean", "object", "array", "null"].map((type) =>
    type === "array" ? { type, items: TEXT } : { type }
  ),
  { ...TEXT, title: "A", description: "a", default: "a", examples: ["a"], enum: ["a"], format: "date", pattern: "a" },
  { ...TEXT, minLength: 1, maxLength: 2 },
  { type: "number", minimum: 0, maximum: 1 },
  { type: "array", items: TEXT, minItems: 1, maxItems: 2 },
  object({ b: TEXT }, { required: ["b"], additionalProperties: false }),
];

for (const schema of KNOWN) {
  Deno.test(`every vendor takes ${JSON.stringify(schema)}`, () => assert.ok(isPlainSchema(object({ a: schema }))));
}

Deno.test("schemas that vendors take are told from those that one of them refuses", () => {
  const plain = [
    object({}),
    {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...object({ a: TEXT }, { additionalProperties: false }),
    },
    object({ a: { type: "integer", minimum: 1, default: 2 }, b: { type: "array", items: TEXT } }, { required: ["a"] }),
  ];
  const refused = [
    { type: "object" },
    { type: "string" },
    object({ type: "object" }),
    object({ a: { type: "text" } }),
    object({ a: { type: "integer", exclusiveMinimum: true } }),
    object({ a: { type: "string", required: true } }),
    object({ a: { enum: [1, "auto"], type: "string" } }),
    object({ a: TEXT }, { oneOf: [{ required: ["a"] }] }),
    object({ a: { type: "array", items: { type: "array" } } }),
  ];
  assert.deepEqual(plain.filter((schema) => !isPlainSchema(schema)), []);
  assert.deepEqual(refused.filter(isPlainSchema), []);
  for (const schema of refused) assert.deepEqual(faultsOf(toPlainSchema(schema)), []);
});

Deno.test("a schema that refers to itself comes to an end", () => {
  const schema = { ...object({ next: { $ref: "#" } }) };
  assert.deepEqual(faultsOf(toPlainSchema(schema)), []);
});
