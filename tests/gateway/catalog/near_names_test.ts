/** Names that are near. */

import fc from "fast-check";
import leven from "leven";
import assert from "node:assert/strict";
import { nearNames, suggestion } from "../../../gateway/catalog/near_names.ts";

Deno.test("the nearest names come first, in any case of letters, each once", () => {
  const known = ["port", "ports", "PORT", "host", "ports"];
  assert.deepEqual(nearNames("Ports", known, { limit: 9, within: 1 }), ["ports", "port", "PORT"]);
  assert.deepEqual(nearNames("Ports", known, { limit: 1, within: 1 }), ["ports"]);
});

Deno.test("a short name is near to little, a long one to more", () => {
  assert.deepEqual(nearNames("ab", ["xy", "ax"], { limit: 9 }), ["ax"]);
  assert.deepEqual(nearNames("claude-sonet", ["claude-sonnet", "gpt-sonnet"], { limit: 9 }), ["claude-sonnet"]);
});

Deno.test("no near name makes no suggestion", () => {
  assert.equal(suggestion([]), "");
  assert.equal(suggestion(["a", "b"]), '; near it: "a", "b"');
});

Deno.test("letters that were added, dropped, changed or swapped count, and no more than may differ", () => {
  const known = ["kitten"];
  const isNear = (name: string, within: number) => nearNames(name, known, { limit: 1, within }).length === 1;
  for (
    const [name, distance] of [["kitten", 0], ["kiten", 1], ["kittens", 1], ["mitten", 1], ["ktiten", 2], [
      "sitting",
      3,
    ]] as const
  ) {
    assert.equal(isNear(name, distance), true, name);
    assert.equal(isNear(name, distance - 1), false, name);
  }
});

Deno.test("what is passed over without counting letters is never near", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "_"), maxLength: 9 });
  const within = fc.integer({ min: 0, max: 4 });
  fc.assert(fc.property(word, fc.uniqueArray(word), within, (name, known, within) => {
    const near = known.filter((other) => leven(name, other) <= within);
    assert.deepEqual(nearNames(name, known, { limit: known.length, within }).sort(), near.sort());
  }));
});
