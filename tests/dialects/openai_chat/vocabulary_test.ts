/** Tests of the tables: finish reasons and counts, both ways. */

import assert from "node:assert/strict";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import type { JsonObject } from "../../../chat/json.ts";
import type { Usage } from "../../../chat/usage.ts";
import { FINISH_WORDS, formatFinish, OFFICIAL_WORDS, parseFinish } from "../../../dialects/openai_chat/finish.ts";
import { formatUsage, parseUsage } from "../../../dialects/openai_chat/usage.ts";

const PLAIN = { hasCalls: false, hasRefusal: false, legacy: false };

Deno.test("O11 every reason is told by a word of the official vocabulary", () => {
  for (const reason of FINISH_REASONS) assert.ok(formatFinish(reason, PLAIN) in OFFICIAL_WORDS, reason);
});

Deno.test("the word of each reason that has one of its own is read as that reason", () => {
  for (const [word, reason] of Object.entries(OFFICIAL_WORDS)) {
    assert.deepEqual(parseFinish(word), { reason, raw: word });
    if (word !== "function_call") assert.equal(FINISH_WORDS[reason], word);
  }
});

Deno.test("a finish in upper case is read as if it were not, and kept as it was", () => {
  assert.deepEqual(parseFinish("STOP"), { reason: "stop", raw: "STOP" });
  assert.deepEqual(parseFinish("MAX_TOKENS"), { reason: "length", raw: "MAX_TOKENS" });
});

const VENDOR_WORDS = {
  eos: "stop",
  end_turn: "stop",
  model_length: "context-window",
  tool_use: "tool-calls",
  sensitive: "content-filter",
  malformed_function_call: "malformed",
  abracadabra: "other",
  constructor: "other",
} as const;

Deno.test("the words of vendors are read, and an unknown one is other", () => {
  for (const [word, reason] of Object.entries(VENDOR_WORDS)) assert.equal(parseFinish(word).reason, reason, word);
});

Deno.test("A6 an answer that calls tools says so, but for one that was cut short", () => {
  for (const reason of ["stop", "stop-sequence", "tool-calls", "pause", "other"] as const) {
    assert.equal(formatFinish(reason, { ...PLAIN, hasCalls: true }), "tool_calls", reason);
    assert.equal(formatFinish(reason, { ...PLAIN, hasCalls: true, legacy: true }), "function_call", reason);
  }
  assert.equal(formatFinish("length", { ...PLAIN, hasCalls: true }), "length");
  assert.equal(formatFinish("refusal", { ...PLAIN, hasCalls: true, hasRefusal: true }), "content_filter");
});

Deno.test("an answer that calls no tools does not say so, whatever its upstream said", () => {
  assert.equal(formatFinish("tool-calls", PLAIN), "stop");
  assert.equal(formatFinish("tool-calls", { ...PLAIN, legacy: true }), "stop");
});

const COUNTS: { name: string; usage: JsonObject; expected: Usage | undefined }[] = [
  {
    name: "OpenAI's",
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
    expected: { input: 10, output: 5, cached: 8, cacheWrite: 1, reasoning: 3 },
  },
  {
    name: "DeepSeek's",
    usage: { prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 8 },
    expected: { input: 10, output: 5, cached: 8 },
  },
  {
    name: "Moonshot's",
    usage: { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 8 },
    expected: { input: 10, output: 5, cached: 8 },
  },
  {
    name: "U5 xAI's, whose thoughts are in the total only",
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 115,
      completion_tokens_details: { reasoning_tokens: 100 },
    },
    expected: { input: 10, output: 105, reasoning: 100 },
  },
  {
    name: "U5 Gemini's, whose thoughts are named nowhere",
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 },
    expected: { input: 10, output: 105, reasoning: 100 },
  },
  {
    name: "U1 a gateway's that counts cached tokens apart",
    usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 108, prompt_tokens_details: { cached_tokens: 100 } },
    expected: { input: 103, output: 5, cached: 100 },
  },
  {
    name: "those of the Responses API",
    usage: { input_tokens: 1, output_tokens: 2 },
    expected: { input: 1, output: 2 },
  },
  { name: "zeros", usage: { prompt_tokens: 0, completion_tokens: 0 }, expected: { input: 0, output: 0 } },
  { name: "a half", usage: { prompt_tokens: 4, completion_tokens: null }, expected: { input: 4, output: 0 } },
  { name: "none", usage: { prompt_tokens: null }, expected: undefined },
];

for (const { name, usage, expected } of COUNTS) {
  Deno.test(`counts are read: ${name}`, () => assert.deepEqual(parseUsage(usage), expected));
}

Deno.test("counts are read as they were written", () => {
  const all: Usage[] = [
    { input: 10, output: 5 },
    { input: 10, output: 5, cached: 0, reasoning: 0 },
    { input: 10, output: 5, cached: 8, cacheWrite: 1, reasoning: 3 },
  ];
  for (const usage of all) assert.deepEqual(parseUsage(formatUsage(usage)), usage);
});

Deno.test("U3 both kinds of cache writes are told as one, and nothing is told that is not known", () => {
  assert.deepEqual(formatUsage({ input: 10, output: 5, cacheWrite: 2, cacheWriteHour: 3 }), {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 15,
    prompt_tokens_details: { cache_write_tokens: 5 },
  });
  assert.deepEqual(Object.keys(formatUsage({ input: 1, output: 1 })), [
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
  ]);
});
