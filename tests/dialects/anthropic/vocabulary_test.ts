/** Tests of the words both sides have for the same: stop reasons and counts. */

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Usage } from "../../../chat/usage.ts";
import {
  FINISH_REASONS,
  formatFinish,
  parseFinish,
  STOP_REASONS,
  type StopReason,
} from "../../../dialects/anthropic/finish.ts";
import { formatUsage, parseUsage } from "../../../dialects/anthropic/usage.ts";

Deno.test("every stop reason is read and written back as itself", () => {
  for (const [word, reason] of Object.entries(FINISH_REASONS)) {
    assert.equal(STOP_REASONS[reason], word);
    assert.deepEqual(parseFinish(word, null), { reason, raw: word });
    const hasCalls = word === "tool_use";
    assert.equal(formatFinish(parseFinish(word, "END"), { hasCalls }).stop_reason, word);
  }
});

Deno.test("a reason that is newer than we are is kept beside `other`", () => {
  assert.deepEqual(parseFinish("model_bored", null), { reason: "other", raw: "model_bored" });
  assert.deepEqual(parseFinish("toString", null), { reason: "other", raw: "toString" });
});

Deno.test("T13, A14 an answer that was cut or refused says so, calls or not", () => {
  const words: [Parameters<typeof formatFinish>[0], StopReason][] = [
    [{ reason: "length" }, "max_tokens"],
    [{ reason: "context-window" }, "model_context_window_exceeded"],
    [{ reason: "refusal" }, "refusal"],
    [{ reason: "pause" }, "pause_turn"],
    [{ reason: "other" }, "tool_use"],
    [undefined, "tool_use"],
  ];
  for (const [finish, word] of words) assert.equal(formatFinish(finish, { hasCalls: true }).stop_reason, word);
});

Deno.test("U3 counts are written and read back, each tier once", () => {
  const tiers = fc.record({
    cached: fc.nat(99),
    cacheWrite: fc.nat(99),
    cacheWriteHour: fc.integer({ min: 1, max: 99 }),
  });
  fc.assert(fc.property(tiers, fc.nat(), fc.nat(), fc.nat(), (tiers, fresh, output, reasoning) => {
    const input = fresh + tiers.cached + tiers.cacheWrite + tiers.cacheWriteHour;
    const usage: Usage = { input, output, ...tiers, reasoning };
    assert.deepEqual(parseUsage(formatUsage(usage)), usage);
  }));
});

Deno.test("counts that are none are not read", () => {
  assert.equal(parseUsage({}), undefined);
  assert.equal(parseUsage({ input_tokens: "5", output_tokens: null }), undefined);
  assert.deepEqual(parseUsage({ output_tokens: 5, cache_read_input_tokens: -1 }), { input: 0, output: 5 });
});
