/** Tests of thoughts in `<think>` tags. */

import assert from "node:assert/strict";
import { type Piece, thinkTags } from "../../dialects/think_tags.ts";

function read(...deltas: string[]): Piece[] {
  const tags = thinkTags();
  return [...deltas.flatMap(tags.push), ...tags.flush()];
}

/** The thoughts and the text, whatever the pieces are cut into. */
function joined(pieces: readonly Piece[]) {
  const join = (type: Piece["type"]) => pieces.filter((piece) => piece.type === type).map(({ text }) => text).join("");
  return { reasoning: join("reasoning"), text: join("text") };
}

const CASES: { name: string; text: string; reasoning: string; said: string }[] = [
  { name: "a leading thought", text: "<think>Hm.</think>Yes", reasoning: "Hm.", said: "Yes" },
  { name: "line breaks around the tags", text: "\n<think>\nHm.\n</think>\n\nYes", reasoning: "Hm.\n", said: "Yes" },
  { name: "an empty thought", text: "<think>\n\n</think>\n\nYes", reasoning: "", said: "Yes" },
  { name: "no tag", text: "Yes, <b>", reasoning: "", said: "Yes, <b>" },
  { name: "a tag in code further down", text: "Use `<think>x</think>`", reasoning: "", said: "Use `<think>x</think>`" },
  {
    name: "a second tag after the thought",
    text: "<think>a</think>b<think>c</think>",
    reasoning: "a",
    said: "b<think>c</think>",
  },
  { name: "what only looks like a tag", text: "<thin ice>", reasoning: "", said: "<thin ice>" },
  { name: "a thought that looks like its end", text: "<think>a</thin</think>b", reasoning: "a</thin", said: "b" },
  { name: "a thought without an end", text: "<think>a</thi", reasoning: "a</thi", said: "" },
  { name: "the begin of a tag alone", text: " <thi", reasoning: "", said: " <thi" },
  { name: "spaces alone", text: " \n", reasoning: "", said: " \n" },
];

for (const { name, text, reasoning, said } of CASES) {
  Deno.test(`K2 thinkTags(), wherever the deltas are cut: ${name}`, () => {
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const pieces = read(text.slice(0, first), text.slice(first, second), text.slice(second));
        assert.deepEqual(joined(pieces), { reasoning, text: said }, `cut at ${first} and ${second}`);
      }
    }
  });
}

Deno.test("K2 thinkTags() holds no more than what may become a tag", () => {
  const tags = thinkTags();
  assert.deepEqual(tags.push("<th"), []);
  assert.deepEqual(tags.push("ink>Let me see</"), [{ type: "reasoning", text: "Let me see" }]);
  assert.deepEqual(tags.push("b>"), [{ type: "reasoning", text: "</b>" }]);
});

Deno.test("thinkTags() leaves text after a flush as it is, as the answer has begun", () => {
  const tags = thinkTags();
  assert.deepEqual(tags.push("<th"), []);
  assert.deepEqual(tags.flush(), [{ type: "text", text: "<th" }]);
  assert.deepEqual(tags.push("<think>a"), [{ type: "text", text: "<think>a" }]);
});
