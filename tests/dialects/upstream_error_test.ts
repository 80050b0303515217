/** What an upstream's refusals and failures become. */

import assert from "node:assert/strict";
import { timeoutError } from "../../chat/error.ts";
import { upstreamError, type UpstreamKind } from "../../dialects/upstream_error.ts";
import { cutOff, unreachable } from "../../providers/unreachable.ts";

/**
 * By what the agents tell from the words of an error in a stream, which has no status, that it is worth to ask again: of
 * pi 1.6.0 and of OpenCode 1.18.33, as far as both have it.
 */
const WORTH_A_RETRY =
  /overloaded|rate limit|server error|connection error|\b(?:request|response|connection|network|stream|read) timed out\b/i;
/** And that the conversation must be made shorter. */
const TOO_LONG = /exceeds the context window/i;

Deno.test("agents that go by the words of an error know which one is worth to ask again", () => {
  const kinds = ["rate-limit", "overloaded", "upstream-timeout", "upstream-failure", "upstream-cut"] as const;
  const phases = ["connect", "headers", "first_content", "idle", "total"] as const;
  const errors = [
    ...kinds.map((kind) => upstreamError(kind, "")),
    ...phases.map((phase) => timeoutError(phase, 1000)),
    ...[unreachable, cutOff].map((make) => make(new TypeError("broken pipe"))),
  ];
  for (const { message, retryable } of errors) {
    assert.equal(retryable, true, message);
    assert.match(message, WORTH_A_RETRY);
  }
});

Deno.test("agents that go by the words of an error ask nothing again that would be refused again", () => {
  const kinds = ["invalid-request", "context-length", "unknown-model", "upstream-auth", "upstream-quota"] as const;
  for (const kind of kinds satisfies readonly UpstreamKind[]) {
    const { message, retryable } = upstreamError(kind, "");
    assert.equal(retryable, false, message);
    assert.doesNotMatch(message, WORTH_A_RETRY);
    assert.equal(TOO_LONG.test(message), kind === "context-length", message);
  }
});

Deno.test("an upstream's own words are in the detail only, and not without end", () => {
  const error = upstreamError("upstream-failure", { secret: "x".repeat(5000) });
  assert.doesNotMatch(error.message, /secret|x{9}/);
  assert.match(error.detail ?? "", /^\{"secret":"x+$/);
  assert.equal(error.detail?.length, 2048);
});
