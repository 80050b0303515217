import assert from "node:assert/strict";
import { maybeCount, maybeFlag, maybeObject, maybeText, maybeWhole, place } from "../../dialects/schema.ts";
import { foldEvents } from "../support/codec.ts";
import { gemini } from "../../dialects/gemini/mod.ts";
import { openaiChat } from "../../dialects/openai_chat/mod.ts";
import { openaiCompletions } from "../../dialects/openai_completions/mod.ts";

Deno.test("place reads the places of a list, and takes what no list has for none", () => {
  for (const index of [0, 1, 9999]) assert.equal(place.parse(index), index);
  for (const index of [-1, 1.5, 10_000, 4_294_967_294, "1", null]) {
    assert.equal(place.parse(index) ?? undefined, undefined);
  }
});

const VALUES = ["a", "", true, false, 0, 3, -3, 1.5, 2 ** 53, {}, { a: 1 }, []];
const MEMBERS = [
  ["maybeText", maybeText, ["a", ""]],
  ["maybeFlag", maybeFlag, [true, false]],
  ["maybeWhole", maybeWhole, [0, 3, -3]],
  ["maybeCount", maybeCount, [0, 3]],
  ["maybeObject", maybeObject, [{}, { a: 1 }]],
] as const;

for (const [name, type, taken] of MEMBERS) {
  Deno.test(`${name} takes what it is named after, leaves null as it is, and has anything else for absent`, () => {
    assert.deepEqual(VALUES.map((value) => type.parse(value)).filter((value) => value !== undefined), taken);
    assert.deepEqual([type.parse(null), type.parse(undefined)], [null, undefined]);
  });
}

const index = 4_294_967_294;
const ANSWERS = [
  [openaiChat, { id: "a", choices: [{ index, message: { content: "Hi" }, finish_reason: "stop" }] }],
  [openaiCompletions, { id: "a", choices: [{ index, text: "Hi", finish_reason: "stop" }] }],
  [gemini, { candidates: [{ index, content: { parts: [{ text: "Hi" }] }, finishReason: "STOP" }] }],
] as const;

for (const [dialect, answer] of ANSWERS) {
  Deno.test(`a choice with an absurd index makes no list of that length in ${dialect.name}`, () => {
    const { choices } = foldEvents(dialect.parseResponse(answer, JSON.stringify(answer), {}).events);
    assert.deepEqual(choices.map(({ parts }) => parts), [[{ type: "text", text: "Hi" }]]);
  });
}
