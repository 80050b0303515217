/** The headers that tell a client how far its limits go, in OpenAI's words and in Anthropic's. */

import type { DialectName } from "../../chat/event.ts";
import { RATE_LIMIT_KINDS, type RateLimit, type RateLimits } from "../../chat/rate_limits.ts";
import type { Gauge, Measure } from "./measures.ts";

/** A header has no place for two limits of one kind: the one that leaves least is told. */
export function rateLimitsOf(gauges: readonly Gauge[]): RateLimits {
  const least = (...measures: Measure[]): RateLimit | undefined => {
    const told = gauges.filter(({ measure }) => measures.includes(measure)).map(({ limit, used, resetAt }) => ({
      limit,
      remaining: Math.max(Math.floor(limit - used), 0),
      resetAt,
    }));
    return told.sort((a, b) => a.remaining - b.remaining)[0];
  };
  const [requests, tokens] = [least("requests"), least("tokens", "dayTokens")];
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

export function limitHeaders(limits: RateLimits, dialect: DialectName, now: number): Record<string, string> {
  return Object.fromEntries(
    RATE_LIMIT_KINDS.flatMap((kind) => {
      const limit = limits[kind];
      if (limit === undefined) return [];
      return dialect === "anthropic" ? anthropicHeaders(kind, limit) : openaiHeaders(kind, limit, now);
    }),
  );
}

function openaiHeaders(kind: keyof RateLimits, { limit, remaining, resetAt }: RateLimit, now: number): string[][] {
  return [
    [`x-ratelimit-limit-${kind}`, String(limit)],
    [`x-ratelimit-remaining-${kind}`, String(remaining)],
    ...resetAt === undefined ? [] : [[`x-ratelimit-reset-${kind}`, formatDuration(resetAt - now)]],
  ];
}

/** https://docs.claude.com/en/api/rate-limits#response-headers */
function anthropicHeaders(kind: keyof RateLimits, { limit, remaining, resetAt }: RateLimit): string[][] {
  return [
    [`anthropic-ratelimit-${kind}-limit`, String(limit)],
    [`anthropic-ratelimit-${kind}-remaining`, String(remaining)],
    ...resetAt === undefined ? [] : [[`anthropic-ratelimit-${kind}-reset`, formatTime(resetAt)]],
  ];
}

/** `6m0s`, `1s`, `20ms`: https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers */
export function formatDuration(milliseconds: number): string {
  const whole = Math.max(Math.ceil(milliseconds), 0);
  if (whole < 1000) return `${whole}ms`;
  const seconds = Math.ceil(whole / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const parts = [hours > 0 && `${hours}h`, hours + minutes > 0 && `${minutes}m`, `${seconds % 60}s`];
  return parts.filter((part) => part !== false).join("");
}

/** RFC 3339, in whole seconds. */
function formatTime(time: number): string {
  return `${new Date(Math.ceil(time / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
