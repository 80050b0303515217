/** Tests of when fragments of JSON have made a whole value. */

import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { completeJson } from "../../dialects/complete_json.ts";

/** What is said after each fragment. */
function said(...fragments: string[]): boolean[] {
  return fragments.map(completeJson());
}

Deno.test("completeJson() is true from the bracket that closes the value, white space or not", () => {
  strictEqual(said('{"a"', ":[1", "]", "}", " \n").join(), "false,false,false,true,true");
});

Deno.test("completeJson() takes no bracket in a string for one, be its quotes and escapes split", () => {
  strictEqual(said('{"a":"}', "\\", '"}', '"', "}").join(), "false,false,false,false,true");
});

Deno.test("completeJson() never calls a number or word whole, and text only at its quote", () => {
  strictEqual(said("1", "2", " ").join(), "false,false,false");
  strictEqual(said("tr", "ue").join(), "false,false");
  strictEqual(said('"a', 'b"').join(), "false,true");
  strictEqual(said("", " ").join(), "false,false");
});

Deno.test("completeJson() is true at the end of every object and list, and nowhere before", () => {
  const value = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
  fc.assert(fc.property(value, (value) => {
    const isWhole = completeJson();
    const text = JSON.stringify(value);
    [...text].forEach((character, at, all) => strictEqual(isWhole(character), at === all.length - 1));
  }));
});
