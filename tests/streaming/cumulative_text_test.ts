import assert from "node:assert/strict";
import fc from "fast-check";
import { cumulativeText } from "../../streaming/cumulative_text.ts";

/** What each snapshot brings. */
function newsOf(snapshots: string[]): string[] {
  return snapshots.map(cumulativeText());
}

Deno.test("W1 each snapshot brings its new suffix", () => {
  assert.deepEqual(newsOf(["", "Hel", "Hello", "Hello, world"]), ["", "Hel", "lo", ", world"]);
});

Deno.test("W1 a snapshot that comes twice, late or trimmed brings nothing, and nothing twice afterwards", () => {
  assert.deepEqual(newsOf(["Hello world", "Hello world", "Hello", "", "Hello world!"]), [
    "Hello world",
    "",
    "",
    "",
    "!",
  ]);
});

Deno.test("W1 a rewritten tail brings the new text from where the two part", () => {
  assert.deepEqual(newsOf(["The cat sat", "The dog sat", "The dog sat."]), ["The cat sat", "dog sat", "."]);
  assert.deepEqual(newsOf(["one", "two"]), ["one", "two"]);
});

Deno.test("W1 half a surrogate pair waits for the other half", () => {
  assert.deepEqual(newsOf(["a\ud83d", "a\ud83d", "a🙂", "a🙂b"]), ["a", "", "🙂", "b"]);
  assert.deepEqual(newsOf(["a\ud83d", "a"]), ["a", ""]);
});

Deno.test("W1 texts that part within a surrogate pair part before it", () => {
  assert.deepEqual(newsOf(["a🙂", "a🙁"]), ["a🙂", "🙁"]);
});

Deno.test("W1 snapshots of a text cut anywhere add up to it, in whole characters", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.nat(40)), (text, cuts) => {
    const news = newsOf([...cuts.sort((a, b) => a - b).map((cut) => text.slice(0, cut)), text]);
    assert.equal(news.join(""), text);
    assert.ok(news.every((piece) => piece.isWellFormed()));
  }));
});

Deno.test("W1 after any snapshots, what was said ends as the last rewording ends", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "b", "🙂", "🙁"), maxLength: 6 })), (snapshots) => {
      const said = newsOf(snapshots).join("");
      const news = newsOf([...snapshots, "the end"]);
      assert.ok(said.isWellFormed());
      assert.ok(news.join("").endsWith("the end"));
    }),
  );
});
