import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../../../chat/json.ts";
import { faultsIn, fillBody, fillPath, isTemplate, textsIn } from "../../../providers/polling/template.ts";

const VALUES = { name: "Ann", count: 3, list: ["a", { b: null }], empty: "", no: false, absent: undefined };

const BODIES: [what: string, template: Json, body: Json | undefined][] = [
  ["a text becomes its value, of whatever type", { a: "{{name}}", b: "{{count}}", c: "{{list}}" }, {
    a: "Ann",
    b: 3,
    c: ["a", { b: null }],
  }],
  ["white space in the braces is none of the name's", "{{ name }}", "Ann"],
  ["values that say little are values", { a: "{{empty}}", b: "{{no}}" }, { a: "", b: false }],
  ["a member without a value is left out", { a: "{{absent}}", b: "{{unknown}}", c: 1 }, { c: 1 }],
  ["an item without a value is left out", ["{{absent}}", "{{count}}"], [3]],
  ["a table whose members are left out stays", { options: { a: "{{absent}}" } }, { options: {} }],
  ["what is no placeholder stays as it is", { a: "name", b: [1, true, null], c: "{name}" }, {
    a: "name",
    b: [1, true, null],
    c: "{name}",
  }],
  ["a member's name is never a placeholder", { "{{name}}": "{{name}}" }, { "{{name}}": "Ann" }],
];

for (const [what, template, body] of BODIES) {
  Deno.test(`fillBody(): ${what}`, () => assert.deepEqual(fillBody(template, VALUES), body));
}

Deno.test("fillBody() gives a client's text no way out of its place", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, text) => {
    const template = { before: 1, prompt: "{{prompt}}", list: ["{{value}}"], after: "{{model}}" };
    const values = { prompt: `${text}", "after": "{{model}}`, value: value as Json, model: "{{prompt}}" };
    const read = JSON.parse(JSON.stringify(fillBody(template, values)));
    assert.deepEqual(read, {
      before: 1,
      prompt: values.prompt,
      list: [JSON.parse(JSON.stringify(value))],
      after: "{{prompt}}",
    });
  }));
});

Deno.test("fillPath() percent-encodes what it fills in: no segment, parameter or fragment is added", () => {
  const path = "/tasks/{{task_id}}?id={{ task_id }}&of={{model}}";
  assert.equal(
    fillPath(path, { task_id: "a/b?c=d#e f%ü", model: "m" }),
    "/tasks/a%2Fb%3Fc%3Dd%23e%20f%25%C3%BC?id=a%2Fb%3Fc%3Dd%23e%20f%25%C3%BC&of=m",
  );
  // Any UTF-16, halves of pairs included.
  const anything = fc.uint16Array({ maxLength: 8 }).map((units) => String.fromCharCode(...units));
  fc.assert(fc.property(anything, (id) => {
    const url = new URL(`http://host/tasks${fillPath("/x{{task_id}}/y", { task_id: id })}`);
    assert.deepEqual([url.pathname.split("/").length, url.search, url.hash], [4, "", ""]);
    assert.equal(decodeURIComponent(url.pathname.split("/")[2] ?? ""), `x${id.toWellFormed()}`);
  }));
});

Deno.test("faultsIn() finds names that are not known, and placeholders with other text around them", () => {
  const texts = ["{{name}}", "{{ name }}", "name", "{x}", "Say: {{name}}", "{{name}}{{name}}", "{{nam}}", "{{}}"];
  assert.deepEqual(faultsIn(texts, ["name"]), ["{{name}}", "{{name}}", "{{name}}", "{{nam}}", "{{}}"]);
});

Deno.test("textsIn() finds the texts at every depth, and no name of a member", () => {
  assert.deepEqual(textsIn({ a: "1", b: [{ c: "2" }, null, 3, ["4"]] }), ["1", "2", "4"]);
});

Deno.test("isTemplate() refuses what is no object, or holds what JSON cannot", () => {
  assert.ok(isTemplate({ a: [1, "b", { c: null }], d: true }));
  for (const value of ["a", null, [], 3, { a: new Date() }, { a: [{ b: NaN }] }, { a: Infinity }]) {
    assert.ok(!isTemplate(value), JSON.stringify(value));
  }
});
