/** Tests of the small vocabularies: ends, counts, sealed thoughts. */

import assert from "node:assert/strict";
import { FINISH_REASONS } from "../../../chat/finish.ts";
import {
  formatEncrypted,
  isForeign,
  ownContent,
  parseEncrypted,
} from "../../../dialects/openai_responses/encrypted_content.ts";
import { ENDINGS, formatFinish, parseFinish } from "../../../dialects/openai_responses/finish.ts";
import { formatUsage, parseUsage } from "../../../dialects/openai_responses/usage.ts";

const NOTHING = { hasCalls: false, hasRefusal: false };

Deno.test("every end that this API can tell is read as what was written, or as its plainer kin", () => {
  const KIN = { "stop-sequence": "stop", "context-window": "length", "tool-calls": "stop", "other": "stop" };
  for (const reason of FINISH_REASONS) {
    const ending = ENDINGS[reason];
    if (ending.status === "failed") continue;
    const incomplete = ending.status === "incomplete" ? ending.reason : undefined;
    const read = parseFinish({ status: ending.status, reason: incomplete }, NOTHING).reason;
    const kin: { [reason: string]: string } = { ...KIN, refusal: "content-filter" };
    assert.equal(read, kin[reason] ?? reason);
  }
});

Deno.test("a completed answer ends with what it holds: calls before refusals", () => {
  assert.equal(parseFinish({ status: "completed" }, { hasCalls: true, hasRefusal: true }).reason, "tool-calls");
  assert.equal(parseFinish({ status: "completed" }, { hasCalls: false, hasRefusal: true }).reason, "refusal");
  assert.deepEqual(formatFinish("refusal", { hasRefusal: true }), { status: "completed" });
});

Deno.test("U1 U2 U5 counts are the same both ways", () => {
  const usage = { input: 9, output: 5, cached: 4, cacheWrite: 3, reasoning: 2 };
  assert.deepEqual(parseUsage(formatUsage(usage)), usage);
  assert.equal(formatUsage({ input: 1, output: 1, cacheWriteHour: 2 }).total_tokens, 2);
});

Deno.test("counts may be told in part, or not at all", () => {
  assert.deepEqual(parseUsage({ output_tokens: 3 }), { input: 0, output: 3 });
  assert.deepEqual(parseUsage({ input_tokens: 3, input_tokens_details: null }), { input: 3, output: 0 });
  for (const nothing of [undefined, null, "x", {}, { input_tokens: "3" }]) assert.equal(parseUsage(nothing), undefined);
});

Deno.test("K6 K7 what is sealed for a client is opened as it was", () => {
  for (
    const sealed of [
      { kind: "thought", text: "openai_responses:gAAA" },
      { kind: "thought", text: "EqQB" },
      { kind: "thought", text: "gemini:Ci" },
      { kind: "redacted", text: "data" },
      { kind: "call", text: "gemini:Ci" },
    ] as const
  ) {
    assert.deepEqual(parseEncrypted(formatEncrypted(sealed)), sealed);
    assert.equal(isForeign(formatEncrypted(sealed)), ownContent(sealed.text) === undefined);
  }
  assert.equal(formatEncrypted({ kind: "thought", text: "openai_responses:gAAA" }), "gAAA");
});
