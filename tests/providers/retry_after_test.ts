import assert from "node:assert/strict";
import { parseRetryAfter } from "../../providers/retry_after.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

Deno.test("E12 Retry-After is read as seconds, milliseconds or a date, and clamped", () => {
  const cases: [Record<string, string>, number | undefined][] = [
    [{ "retry-after": "2" }, 2000],
    [{ "retry-after": "1.5" }, 1500],
    [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
    [{ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
    [{ "retry-after": "-5" }, 0],
    [{ "retry-after": "99999999" }, 86_400_000],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "5, 5" }, undefined],
    [{ "retry-after": "abc 1" }, undefined],
    [{ "retry-after": "Thursday, 01-Jan-26 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "Thu Jan  1 00:00:30 2026 GMT" }, 30_000],
    [{ "retry-after": "" }, undefined],
    [{}, undefined],
  ];
  for (const [headers, expected] of cases) assert.equal(parseRetryAfter(new Headers(headers), NOW), expected);
});
