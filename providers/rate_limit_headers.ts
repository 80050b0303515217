/** What an upstream's headers say of its limits: OpenAI's words, which most vendors have, or Anthropic's. */

import { RATE_LIMIT_KINDS, type RateLimit, type RateLimits } from "../chat/rate_limits.ts";

/** `undefined` where they say nothing; `now` is in milliseconds since the epoch. */
export function parseRateLimits(headers: Headers, now: number): RateLimits | undefined {
  const told = RATE_LIMIT_KINDS.flatMap((kind) => {
    const openai = (what: string) => headers.get(`x-ratelimit-${what}-${kind}`);
    const anthropic = (what: string) => headers.get(`anthropic-ratelimit-${kind}-${what}`);
    const limit = parseOne(openai, now) ?? parseOne(anthropic, now);
    return limit === undefined ? [] : [[kind, limit] as const];
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

function parseOne(header: (what: string) => string | null, now: number): RateLimit | undefined {
  const limit = parseCount(header("limit"));
  // Most answers say nothing of it, and each look costs.
  const remaining = limit === undefined ? undefined : parseCount(header("remaining"));
  if (limit === undefined || remaining === undefined) return undefined;
  const resetAt = parseReset(header("reset"), now);
  return { limit, remaining, ...(resetAt !== undefined && { resetAt }) };
}

function parseCount(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** No vendor's window is as long as this many seconds (30 years): a greater number is a time. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MILLISECONDS = 1e12;

/** A duration (`6m0s`, `20ms`, `1.5s`), a date, or a bare number: seconds from now, or a time in seconds or milliseconds. */
function parseReset(text: string | null, now: number): number | undefined {
  const written = text?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(written)) return timeOf(Number(written), now);
  if (/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(written)) {
    const parts = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
    return now + parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ""] ?? 0), 0);
  }
  const date = Date.parse(written);
  return Number.isNaN(date) ? undefined : date;
}

function timeOf(number: number, now: number): number {
  if (number >= EPOCH_MILLISECONDS) return number;
  return number >= EPOCH_SECONDS ? number * 1000 : now + number * 1000;
}
