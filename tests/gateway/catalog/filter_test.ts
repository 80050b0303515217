/** Whitelist and blacklist, exact and with stars. */

import assert from "node:assert/strict";
import { createFilter } from "../../../gateway/catalog/filter.ts";

const whitelist = (...models: string[]) => createFilter({ mode: "whitelist", models });

Deno.test("without a filter every model may be used", () => {
  assert.equal(createFilter(undefined)("anything"), true);
});

Deno.test("a whitelist lets through what it lists, a blacklist all else", () => {
  assert.deepEqual(["a", "b", "ab", ""].map(whitelist("a", "b")), [true, true, false, false]);
  const blacklist = createFilter({ mode: "blacklist", models: ["a", "b*"] });
  assert.deepEqual(["a", "b", "bc", "c"].map(blacklist), [false, false, false, true]);
});

Deno.test("an empty whitelist lets nothing through, an empty blacklist everything", () => {
  assert.equal(whitelist()("a"), false);
  assert.equal(createFilter({ mode: "blacklist", models: [] })("a"), true);
});

Deno.test("a star stands for any text, slashes included, and everything else for itself", () => {
  assert.equal(whitelist("deepseek/*")("deepseek/deepseek-chat:free"), true);
  assert.equal(whitelist("*/*:free")("a/b/c:free"), true);
  assert.equal(whitelist("gpt-4.1")("gpt-4x1"), false);
  assert.equal(whitelist("a+(b)[c]?")("a+(b)[c]?"), true);
  assert.equal(whitelist("gpt*mini")("gpt-5-mini-2025"), false);
});

Deno.test("Gemini's models/ in front of an id makes no difference to a filter", () => {
  assert.equal(whitelist("gemini-2.5-*")("models/gemini-2.5-pro"), true);
  assert.equal(whitelist("models/gemini-2.5-pro")("models/gemini-2.5-pro"), true);
});

Deno.test("Ollama's tag for none makes no difference to a filter, another tag does", () => {
  const blacklist = createFilter({ mode: "blacklist", models: ["a:latest", "b"] });
  assert.deepEqual(["a", "a:latest", "b", "b:latest", "a:8b", "b:8b"].map(blacklist), [
    ...[false, false, false, false],
    ...[true, true],
  ]);
  for (const glob of ["*latest*", "*latest", "*:latest", "*:*"]) {
    const tagged = createFilter({ mode: "whitelist", models: [glob] });
    assert.deepEqual(["a", "models/a", "a:latest"].map(tagged), [false, false, true], glob);
  }
});
