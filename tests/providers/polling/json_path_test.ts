import assert from "node:assert/strict";
import { countAt, parseExactly, textAt, valueAt } from "../../../providers/polling/json_path.ts";

const BODY = {
  id: 7,
  empty: "",
  data: { id: "a.b", none: null, choices: [{ text: "first" }, { text: "second" }], "0": "zero", count: 12.5 },
};

const PATHS: [path: string, value: unknown][] = [
  ["id", 7],
  ["data.id", "a.b"],
  ["data.none", null],
  ["data.choices.1.text", "second"],
  ["data.0", "zero"],
  ["data.choices.2.text", undefined],
  ["data.choices.-1", undefined],
  ["data.choices.1e0", undefined],
  ["data.none.id", undefined],
  ["data.id.length", undefined],
  ["data.choices.length", undefined],
  ["data.constructor", undefined],
  ["__proto__", undefined],
  ["nothing.at.all", undefined],
];

for (const [path, value] of PATHS) {
  Deno.test(`valueAt() finds ${JSON.stringify(value) ?? "nothing"} at ${path}`, () => {
    assert.deepEqual(valueAt(BODY, path), value);
  });
}

Deno.test("valueAt() begins at an array as well, and finds nothing in what is no JSON object", () => {
  assert.equal(valueAt([{ id: 1 }], "0.id"), 1);
  for (const body of [undefined, null, "text", 3]) assert.equal(valueAt(body, "id"), undefined);
});

Deno.test("textAt() takes an id that is a number, and no empty one", () => {
  assert.equal(textAt(BODY, "id"), "7");
  assert.equal(textAt(BODY, "data.id"), "a.b");
  for (const path of ["empty", "data", "data.none", "nowhere"]) assert.equal(textAt(BODY, path), undefined);
});

Deno.test("countAt() takes whole numbers only", () => {
  assert.equal(countAt(BODY, "id"), 7);
  for (const path of ["data.count", "data.id", "nowhere"]) assert.equal(countAt(BODY, path), undefined);
  assert.equal(countAt({ n: -1 }, "n"), undefined);
});

Deno.test("parseExactly() keeps every digit of an id, and changes nothing else", () => {
  const text = '{"id":7291837462918374629,"n":[12,0.5,1e300,"7291837462918374629",null],"o":{"id":-9007199254740993}}';
  assert.deepEqual(parseExactly(text), {
    id: "7291837462918374629",
    n: [12, 0.5, "1e300", "7291837462918374629", null],
    o: { id: "-9007199254740993" },
  });
  assert.equal(parseExactly("<html>"), undefined);
});
