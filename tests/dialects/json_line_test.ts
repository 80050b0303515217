import assert from "node:assert/strict";
import type { ChatEvent } from "../../chat/event.ts";
import { closeJson, isOneLine, jsonLine, jsonText, openJson } from "../../dialects/json_line.ts";
import { CLIENT_FORMS } from "../support/client_forms.ts";
import { writeStream } from "../support/codec.ts";
import { OPTIONS, requestOf } from "../support/replay.ts";

const TEXT = "a\u0085b\u2028c\u2029d\u2027";
const EVENTS: ChatEvent[] = [{ type: "text", text: TEXT }, { type: "finish", reason: "stop" }];
/** What Python's `str.splitlines` ends a line at, as far as it can stand in JSON. */
const ENDS = /[\u0085\u2028\u2029]/;

Deno.test("jsonLine() writes the same JSON, without a character that ends a line anywhere", () => {
  assert.equal(jsonLine({ text: TEXT }), '{"text":"a\\u0085b\\u2028c\\u2029d\u2027"}');
  assert.deepEqual(JSON.parse(jsonLine({ [TEXT]: [TEXT] })), { [TEXT]: [TEXT] });
});

Deno.test("jsonText() writes each character of a text as jsonLine() does", () => {
  for (let code = 0; code <= 0xffff; code++) {
    const text = `a${String.fromCharCode(code)}b`;
    assert.equal(jsonText(text), jsonLine(text));
  }
  for (const text of ["", "😀", TEXT]) assert.equal(jsonText(text), jsonLine(text));
});

Deno.test("an object that was opened with some members and closed with others is the JSON of all, in one line", () => {
  const head = { id: TEXT, created: 1 };
  for (const members of [{ choices: [{ text: TEXT }] }, { absent: undefined, last: null }, {}, { absent: undefined }]) {
    assert.equal(closeJson(openJson(head), members), jsonLine({ ...head, ...members }));
  }
});

Deno.test("isOneLine() knows every end of a line", () => {
  assert.ok(isOneLine("a\tb"));
  for (const end of ["\r", "\n", "\u0085", "\u2028", "\u2029"]) assert.ok(!isOneLine(`a${end}b`), JSON.stringify(end));
});

for (const { name, dialect, request, read } of CLIENT_FORMS) {
  Deno.test(`F20 no frame for ${name} has an end of a line but its own`, () => {
    const asked = { ...requestOf(dialect, request), includeUsage: false };
    const frames = writeStream(dialect.eventFormatter(asked, OPTIONS), [{ events: EVENTS }]);
    assert.ok(frames.every((frame) => !ENDS.test(frame)));
    assert.equal(read(frames, { n: 1, includeUsage: false }).choices[0]?.text, TEXT);
  });
}
