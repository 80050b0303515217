import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json, JsonObject } from "../../../chat/json.ts";
import { toGeminiSchema } from "../../../dialects/json_schema/to_gemini.ts";

const STRING = { type: "STRING" };
const ANY = {
  anyOf: [STRING, { type: "NUMBER" }, { type: "BOOLEAN" }, { type: "OBJECT" }, { type: "ARRAY", items: STRING }],
};

/** What a property of this schema becomes. */
function property(schema: Json, more: JsonObject = {}): unknown {
  const { properties } = toGeminiSchema({ type: "object", properties: { p: schema }, ...more }) as {
    properties: JsonObject;
  };
  return properties?.p;
}

const CASES: [string, Json, unknown][] = [
  ["G7 a reference is inlined, and what stands beside it is kept", { $ref: "#/$defs/a", description: "Mine" }, {
    type: "STRING",
    description: "Mine",
    minLength: 1,
  }],
  ["G7 a reference may point to any place, with escapes", { $ref: "#/definitions/x~1y%20z" }, { type: "BOOLEAN" }],
  ["G7 a reference to a property", { $ref: "#/properties/other" }, { type: "INTEGER" }],
  ["G7 a cycle is cut to an object", { $ref: "#/$defs/list" }, {
    type: "OBJECT",
    properties: { next: { type: "OBJECT", description: "More" }, value: STRING },
  }],
  ["G7 the same definition twice is no cycle", { $ref: "#/$defs/pair" }, {
    type: "OBJECT",
    properties: { l: { type: "STRING", minLength: 1 }, r: { type: "STRING", minLength: 1 } },
  }],
  [
    "G7 a reference that leads nowhere, or to another document, allows anything",
    { $ref: "https://a.example/x.json" },
    ANY,
  ],
  ["allOf is joined", {
    allOf: [{ $ref: "#/$defs/pair" }, { properties: { r: { maxLength: 9 } }, required: ["r"] }],
    required: ["l"],
  }, {
    type: "OBJECT",
    properties: { l: { type: "STRING", minLength: 1 }, r: { type: "STRING", minLength: 1, maxLength: 9 } },
    required: ["r", "l"],
  }],
  ["allOf leaves the values that all allow", { allOf: [{ enum: ["a", "b"] }, { enum: ["b", "c"] }] }, {
    type: "STRING",
    enum: ["b"],
  }],
  ["allOf that allows no value allows the last one's", { allOf: [{ enum: ["a"] }, { enum: ["b"] }] }, {
    type: "STRING",
    enum: ["b"],
  }],
  ["G8 keywords that the API does not know are left out", {
    $schema: "x",
    $id: "y",
    type: "object",
    additionalProperties: false,
    propertyNames: { pattern: "x" },
    patternProperties: { x: {} },
    if: {},
    then: {},
    else: {},
    not: {},
    default: {},
    examples: [],
    $comment: "z",
    properties: { a: { type: "string", default: "b", readOnly: true } },
  }, { type: "OBJECT", properties: { a: STRING } }],
  ["G8 a constant text is an enum of one", { const: "x" }, { type: "STRING", enum: ["x"] }],
  ["G8 a constant number is its own limits", { const: 3 }, {
    type: "INTEGER",
    description: "Always 3.",
    minimum: 3,
    maximum: 3,
  }],
  ["G8 a constant of another type is told", { const: true, description: "Why" }, {
    type: "BOOLEAN",
    description: "Why Always true.",
  }],
  ["an enum of numbers is told, and limits them", { type: "integer", enum: [1, 2, 5] }, {
    type: "INTEGER",
    description: "One of 1, 2, 5.",
    minimum: 1,
    maximum: 5,
  }],
  ["an enum's values of another type are left out", { type: "number", enum: [1, 2.5, "a"] }, {
    type: "NUMBER",
    description: "One of 1, 2.5.",
    minimum: 1,
    maximum: 2.5,
  }],
  ["an enum with an empty text is told", { enum: ["", "a"] }, { type: "STRING", description: 'One of "", "a".' }],
  ["an enum with null is nullable", { enum: ["a", null] }, { type: "STRING", nullable: true, enum: ["a"] }],
  ["an enum of several types is a union", { enum: ["a", 1] }, {
    anyOf: [{ type: "STRING", enum: ["a"] }, { type: "INTEGER", description: "Always 1.", minimum: 1, maximum: 1 }],
  }],
  ["G8 exclusive limits are inclusive ones", { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 10 }, {
    type: "INTEGER",
    minimum: 1,
    maximum: 9,
  }],
  ["G8 exclusive limits of fractions", { type: "number", exclusiveMinimum: 0, maximum: 1 }, {
    type: "NUMBER",
    minimum: 0,
    maximum: 1,
  }],
  ["G8 exclusive limits as flags", { type: "integer", minimum: 0, exclusiveMinimum: true }, {
    type: "INTEGER",
    minimum: 1,
  }],
  ["G8 a format that the API knows", { type: "string", format: "date-time" }, { type: "STRING", format: "date-time" }],
  ["G8 a format that it does not know is told", { type: "string", format: "email" }, {
    type: "STRING",
    description: "Format: email.",
  }],
  ["a map's values are told", { type: "object", additionalProperties: { type: "integer" } }, {
    type: "OBJECT",
    description: 'A map with values of this schema: {"type":"INTEGER"}',
  }],
  ["G9 an array or null keeps its items in the array", { type: ["array", "null"], items: { type: "string" } }, {
    type: "ARRAY",
    nullable: true,
    items: STRING,
  }],
  ["G9 an object or null keeps its properties, and requires only those it has", {
    type: ["object", "null"],
    properties: { a: { type: "string" } },
    required: ["a", "gone"],
  }, { type: "OBJECT", nullable: true, properties: { a: STRING }, required: ["a"] }],
  ["G9 several types are a union, each with its own keywords", {
    type: ["string", "array"],
    minLength: 2,
    items: { type: "integer" },
    description: "D",
  }, {
    anyOf: [{ type: "ARRAY", description: "D", items: { type: "INTEGER" } }, {
      type: "STRING",
      description: "D",
      minLength: 2,
    }],
  }],
  ["a union with null is nullable", { anyOf: [{ type: "string" }, { type: "null" }], description: "D" }, {
    type: "STRING",
    description: "D",
    nullable: true,
  }],
  ["oneOf is a union, its node holds nothing else, and null belongs to the first", {
    oneOf: [{ type: "string" }, { type: "integer" }, { type: "null" }],
    title: "T",
  }, { anyOf: [{ type: "STRING", title: "T", nullable: true }, { type: "INTEGER", title: "T" }] }],
  ["a union within a union is one", {
    anyOf: [{ anyOf: [{ type: "string" }, { type: "integer" }] }, { type: "boolean" }],
  }, {
    anyOf: [STRING, { type: "INTEGER" }, { type: "BOOLEAN" }],
  }],
  ["branches that say only what is required are whole", {
    type: "object",
    properties: { a: { type: "string" }, b: { type: "string" } },
    anyOf: [{ required: ["a"] }, { required: ["b"] }],
  }, {
    anyOf: ["a", "b"].map((name) => ({ type: "OBJECT", properties: { a: STRING, b: STRING }, required: [name] })),
  }],
  ["G10 an array has items", { type: "array" }, { type: "ARRAY", items: STRING }],
  ["G10 an array of anything", { type: "array", items: {} }, { type: "ARRAY", items: ANY }],
  ["G10 a tuple is an array of its length", { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }] }, {
    type: "ARRAY",
    items: { anyOf: [STRING, { type: "INTEGER" }] },
    minItems: 2,
    maxItems: 2,
  }],
  ["G10 a tuple of one type, in the older form", { type: "array", items: [{ type: "string" }, { type: "string" }] }, {
    type: "ARRAY",
    items: STRING,
    minItems: 2,
    maxItems: 2,
  }],
  ["G10 properties without a type are an object's", { properties: { a: {} } }, {
    type: "OBJECT",
    properties: { a: ANY },
  }],
  ["G10 items and properties of other types are dropped", {
    type: "string",
    items: {},
    properties: { a: {} },
    required: ["a"],
  }, STRING],
  ["G10 an object without properties is one", { type: "object", properties: {}, required: ["a"] }, { type: "OBJECT" }],
  ["null alone", { type: "null" }, { type: "STRING", nullable: true }],
  ["the schema of anything", true, ANY],
  ["the schema of nothing is no property", false, undefined],
  ["a property may have the name of a keyword", {
    type: "object",
    properties: { $ref: { type: "string" }, type: { type: "integer" } },
  }, {
    type: "OBJECT",
    properties: { $ref: STRING, type: { type: "INTEGER" } },
  }],
];

const DEFINITIONS = {
  $defs: {
    a: { type: "string", minLength: 1, description: "Theirs" },
    list: {
      type: "object",
      properties: { next: { $ref: "#/$defs/list", description: "More" }, value: { type: "string" } },
    },
    pair: {
      type: "object",
      properties: { l: { $ref: "#/$defs/a", description: "" }, r: { $ref: "#/$defs/a", description: "" } },
    },
  },
  definitions: { "x/y z": { type: "boolean" } },
};

for (const [name, schema, expected] of CASES) {
  Deno.test(name, () => {
    const root = {
      type: "object",
      properties: { p: schema, other: { type: "integer" } },
      ...DEFINITIONS,
    };
    const { properties } = toGeminiSchema(root) as { properties: JsonObject };
    assert.deepEqual(properties.p, expected);
  });
}

Deno.test("a root that refers to itself is cut", () => {
  const root = { type: "object", properties: { child: { $ref: "#" }, name: { type: "string" } } };
  assert.deepEqual(toGeminiSchema(root), {
    type: "OBJECT",
    properties: { child: { type: "OBJECT", properties: { child: { type: "OBJECT" }, name: STRING } }, name: STRING },
  });
});

Deno.test("definitions that each hold two others do not make the schema huge", () => {
  const doubled = (member: (ref: JsonObject) => JsonObject) => {
    const $defs: JsonObject = { d40: { type: "string" } };
    for (let at = 0; at < 40; at++) $defs[`d${at}`] = member({ $ref: `#/$defs/d${at + 1}` });
    return { $ref: "#/$defs/d0", $defs };
  };
  const nested = toGeminiSchema(doubled((ref) => ({ type: "object", properties: { l: ref, r: ref } })));
  assert.ok(JSON.stringify(nested).length < 100_000);
  assert.ok(JSON.stringify(toGeminiSchema(doubled((ref) => ({ allOf: [ref, ref] })))).length < 1000);
});

Deno.test("a schema as deep as a body allows, or a long chain of references, ends", () => {
  let deep: JsonObject = { type: "string" };
  for (let at = 0; at < 3000; at++) deep = { type: "array", items: deep };
  assert.ok(JSON.stringify(toGeminiSchema(deep)).length < 10_000);
  const $defs: JsonObject = {};
  for (let at = 0; at < 20_000; at++) $defs[`d${at}`] = { $ref: `#/$defs/d${at + 1}` };
  assert.deepEqual(toGeminiSchema({ $ref: "#/$defs/d0", $defs }), { type: "OBJECT" });
});

const KEYWORDS = new Set([
  ...["type", "title", "description", "nullable", "enum", "format", "minLength", "maxLength", "pattern", "minimum"],
  ...["maximum", "items", "minItems", "maxItems", "properties", "required", "minProperties", "maxProperties", "anyOf"],
]);

/** The rules of the API's schema, as its 400s tell them. */
function checkSchema(schema: Json | undefined): void {
  assert.ok(typeof schema === "object" && schema !== null && !Array.isArray(schema));
  for (const key of Object.keys(schema)) assert.ok(KEYWORDS.has(key), key);
  if (Array.isArray(schema.anyOf)) {
    assert.deepEqual(Object.keys(schema), ["anyOf"], "a union is alone in its node");
    assert.ok(schema.anyOf.length > 1);
    return schema.anyOf.forEach(checkSchema);
  }
  assert.match(String(schema.type), /^(STRING|NUMBER|INTEGER|BOOLEAN|ARRAY|OBJECT)$/);
  assert.equal(schema.items !== undefined, schema.type === "ARRAY", "items are an array's, and every array has them");
  if (schema.items !== undefined) checkSchema(schema.items);
  if (schema.enum !== undefined) {
    assert.equal(schema.type, "STRING");
    assert.ok(Array.isArray(schema.enum) && schema.enum.length > 0);
    assert.ok(schema.enum.every((value) => typeof value === "string" && value !== ""));
  }
  const properties = (schema.properties ?? {}) as JsonObject;
  assert.ok(schema.properties === undefined || (schema.type === "OBJECT" && Object.keys(properties).length > 0));
  for (const name of [schema.required ?? []].flat()) {
    assert.ok(Object.hasOwn(properties, String(name)), "no dangling required");
  }
  Object.values(properties).forEach(checkSchema);
}

Deno.test("G8 G9 G10 whatever the schema, the API takes what is made of it", () => {
  const name = fc.constantFrom("a", "b", "type", "$ref", "__proto__");
  const { schema } = fc.letrec<{ schema: Json }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>({}, true, false, { $ref: "#/properties/a" }, { $ref: "#" }, { $ref: "#/nowhere" }),
      fc.record({
        type: fc.oneof(
          fc.constantFrom<Json>("string", "number", "integer", "boolean", "array", "object", "null", "weird"),
          fc.subarray(["string", "null", "array", "object", "integer"]),
        ),
        enum: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 3 }),
        const: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant<Json>([])),
        format: fc.constantFrom("email", "int32", "date-time"),
        nullable: fc.boolean(),
        minimum: fc.integer(),
        exclusiveMaximum: fc.oneof<fc.Arbitrary<Json>[]>(fc.integer(), fc.boolean()),
        items: fc.oneof(tie("schema"), fc.array(tie("schema"), { maxLength: 2 })),
        properties: fc.dictionary(name, tie("schema"), { maxKeys: 3 }),
        required: fc.array(name, { maxLength: 2 }),
        additionalProperties: tie("schema"),
        anyOf: fc.array(tie("schema"), { maxLength: 3 }),
        oneOf: fc.array(tie("schema"), { maxLength: 3 }),
        allOf: fc.array(tie("schema"), { maxLength: 2 }),
        $ref: fc.constantFrom("#/properties/b", "#/allOf/0"),
      }, { requiredKeys: [] }) as fc.Arbitrary<Json>,
    ),
  }));
  fc.assert(fc.property(schema, (root) => checkSchema(property(root) as Json ?? STRING)), { numRuns: 300 });
  fc.assert(
    fc.property(schema, (root) => {
      if (typeof root === "object" && root !== null && !Array.isArray(root)) checkSchema(toGeminiSchema(root));
    }),
    { numRuns: 300 },
  );
});

Deno.test("G7 no reference is left in a schema, wherever it stood, and a definition leaves nothing of itself", () => {
  const ref = { $ref: "#/$defs/node" };
  const node = { type: "object", properties: { name: { type: "string" }, next: ref }, required: ["name"] };
  const properties = {
    one: { ...ref, default: null, examples: [1] },
    many: { type: "array", items: ref },
    either: { anyOf: [ref, { type: "null" }] },
    both: { allOf: [ref, { description: "Both" }] },
    same: { $ref: "#/properties/one" },
  };
  const made = JSON.stringify(toGeminiSchema({ type: "object", properties, $defs: { node }, definitions: { node } }));
  assert.doesNotMatch(made, /\$ref|\$defs|definitions|default|examples|allOf/);
  const { properties: converted = {} } = JSON.parse(made);
  assert.deepEqual(converted.one, {
    type: "OBJECT",
    properties: { name: { type: "STRING" }, next: { type: "OBJECT" } },
    required: ["name"],
  });
  assert.deepEqual(converted.same, converted.one);
  assert.deepEqual(converted.many.items, converted.one);
  assert.deepEqual(converted.either, { ...converted.one, nullable: true });
  assert.deepEqual(converted.both, { ...converted.one, description: "Both" });
});
