import assert from "node:assert/strict";
import { parseRateLimits } from "../../providers/rate_limit_headers.ts";

const NOW = Date.UTC(2026, 10, 25);

function requestsOf(reset: string) {
  const headers = new Headers({
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "0",
    "x-ratelimit-reset-requests": reset,
  });
  return parseRateLimits(headers, NOW)?.requests;
}

Deno.test("parseRateLimits() reads every way in which vendors write when a limit is free again", () => {
  const cases: [string, number | undefined][] = [
    ["1s", 1000],
    ["6m0s", 360_000],
    ["20ms", 20],
    ["1h2m3.5s", 3_723_500],
    ["2.5", 2500],
    [String(NOW / 1000 + 30), 30_000],
    [String(NOW + 30_000), 30_000],
    ["2026-11-25T00:00:10Z", 10_000],
    ["soon", undefined],
    ["", undefined],
  ];
  for (const [reset, after] of cases) {
    const expected = { limit: 60, remaining: 0, ...(after !== undefined && { resetAt: NOW + after }) };
    assert.deepEqual(requestsOf(reset), expected, reset);
  }
});

Deno.test("parseRateLimits() reads Anthropic's headers, and nothing where there is nothing to read", () => {
  const headers = new Headers({
    "anthropic-ratelimit-tokens-limit": "80000",
    "anthropic-ratelimit-tokens-remaining": "79000",
    "anthropic-ratelimit-tokens-reset": "2026-11-25T00:01:00Z",
  });
  assert.deepEqual(parseRateLimits(headers, NOW), {
    tokens: { limit: 80_000, remaining: 79_000, resetAt: NOW + 60_000 },
  });
  assert.equal(parseRateLimits(new Headers({ "x-ratelimit-limit-requests": "many" }), NOW), undefined);
  assert.equal(parseRateLimits(new Headers(), NOW), undefined);
});
