/** Tests of setting members in a JSON text. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../../chat/json.ts";
import { patchJson } from "../../dialects/patch_json.ts";

const CASES: { name: string; text: string; patches: Record<string, Json | undefined>; expected: string }[] = [
  {
    name: "a value is replaced where it stands, and all else keeps its spaces, its order and its numbers",
    text: '{ "seed": 12345678901234567890,\n\t"model" : "a" , "temperature": 1.0 }',
    patches: { model: "b" },
    expected: '{ "seed": 12345678901234567890,\n\t"model" : "b" , "temperature": 1.0 }',
  },
  {
    name: "a member that is missing is put at the end",
    text: '{"model": "a" }',
    patches: { stream: true },
    expected: '{"model": "a","stream":true }',
  },
  { name: "an empty object gets its first member", text: "{ }", patches: { a: [1] }, expected: '{"a":[1] }' },
  { name: "the only member is removed", text: '{ "a": 1 }', patches: { a: undefined }, expected: "{  }" },
  { name: "the first member is removed", text: '{"a":1, "b":2}', patches: { a: undefined }, expected: '{"b":2}' },
  { name: "the last member is removed", text: '{"a":1, "b":2}', patches: { b: undefined }, expected: '{"a":1}' },
  {
    name: "a member between two is removed",
    text: '{"a":1, "b":{"x":[1,"]"]} ,"c":3}',
    patches: { b: undefined },
    expected: '{"a":1 ,"c":3}',
  },
  {
    name: "a key is known by what it says, not by how it is escaped",
    text: '{"mod\\u0065l":"a"}',
    patches: { model: "b" },
    expected: '{"mod\\u0065l":"b"}',
  },
  {
    name: "a member that occurs twice is patched at both places, as parsers differ in which counts",
    text: '{"model":"a","n":1,"model":"c"}',
    patches: { model: "b" },
    expected: '{"model":"b","n":1,"model":"b"}',
  },
  {
    name: "a member that occurs twice is removed at both places",
    text: '{"n":1,"model":"a","n":2}',
    patches: { n: undefined },
    expected: '{"model":"a"}',
  },
  {
    name: "members of inner objects are left alone",
    text: '{"messages":[{"model":"a"}],"extra":{"model":"a"}}',
    patches: { model: "b" },
    expected: '{"messages":[{"model":"a"}],"extra":{"model":"a"},"model":"b"}',
  },
  {
    name: "quotes, brackets and backslashes in strings end nothing",
    text: '{"a":"\\"}],\\\\","model":"x\\\\\\""}',
    patches: { model: "b" },
    expected: '{"a":"\\"}],\\\\","model":"b"}',
  },
];

for (const { name, text, patches, expected } of CASES) {
  Deno.test(`R10 patchJson(): ${name}`, () => assert.equal(patchJson(text, patches), expected));
}

Deno.test("R10 patchJson() says what setting members of the parsed object would say", () => {
  const key = fc.oneof(fc.constantFrom("model", "stream", "__proto__", "a", ""), fc.string());
  const object = fc.dictionary(key, fc.jsonValue());
  const patches = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.constant(undefined)));
  const space = fc.constantFrom(undefined, 1, "\t", "  ");
  fc.assert(fc.property(object, patches, space, (object, patches, space) => {
    const expected = new Map(Object.entries(object));
    for (const [name, value] of Object.entries(patches)) {
      if (value === undefined) expected.delete(name);
      else expected.set(name, value);
    }
    const patched = patchJson(JSON.stringify(object, null, space), patches as Record<string, Json | undefined>);
    assert.deepEqual(new Map(Object.entries(JSON.parse(patched))), normal(expected));
  }));
});

/** As JSON carries it: -0 becomes 0. */
function normal(members: Map<string, unknown>): Map<string, unknown> {
  return new Map([...members].map(([name, value]) => [name, JSON.parse(JSON.stringify(value))]));
}

Deno.test("R10 patchJson() walks a body of many megabytes without parsing it", () => {
  const image = "iVBORw0KGgo".repeat(400_000);
  const text = `{"messages":[{"content":"${image}"},{"content":"${'\\"'.repeat(200_000)}"}],"model":"a"}`;
  assert.equal(patchJson(text, { model: "b" }), text.replace('"model":"a"', '"model":"b"'));
});
