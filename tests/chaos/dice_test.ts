import assert from "node:assert/strict";
import { dice } from "./dice.ts";
import { drawMishap, type Mishap } from "./mishaps.ts";
import { readWords, wordsOf } from "./words.ts";

Deno.test("the same seed and name decide the same, and any other something else", () => {
  const throws = (seed: number, name: string) => {
    const { between } = dice(seed, "client", name);
    return Array.from({ length: 20 }, () => between(1, 6));
  };
  assert.deepEqual(throws(7, "c1-0"), throws(7, "c1-0"));
  assert.notDeepEqual(throws(7, "c1-0"), throws(8, "c1-0"));
  assert.notDeepEqual(throws(7, "c1-0"), throws(7, "c1-1"));
  assert.deepEqual(new Set(Array.from({ length: 200 }, (_, at) => throws(1, String(at))[0])).size, 6);
});

Deno.test("every mishap befalls somebody", () => {
  const drawn = Array.from({ length: 5_000 }, (_, at) => drawMishap(dice(1, at)));
  const kinds = ["none", "refuse", "limit", "stall", "cut", "lie"] as const satisfies readonly Mishap["kind"][];
  for (const kind of kinds) assert.ok(drawn.some((mishap) => mishap.kind === kind), kind);
});

Deno.test("readWords() tells the run, and refuses words that are missing, repeated, broken or another attempt's", () => {
  const words = wordsOf("c1-0/gemini-1", 0, 5);
  assert.deepEqual(readWords(words.join("")), { attempt: "c1-0/gemini-1", count: 5 });
  assert.deepEqual(readWords(""), { attempt: undefined, count: 0 });
  const broken = [
    words.toSpliced(2, 1),
    words.toSpliced(2, 0, words[2]!),
    words.toSpliced(2, 1, "c1-0/gemini-"),
    words.toSpliced(4, 1, "c1-0/gemini-2:4 "),
    words.slice(1),
  ];
  for (const told of broken) assert.throws(() => readWords(told.join("")), told.join(""));
});
