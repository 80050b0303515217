/** When an upstream says to come back, in the three forms they say it. */

/** No upstream is believed further than this: a day. */
const LIMIT = 86_400_000;
/** Of what else stands there JavaScript makes dates as well: of two values that were joined, "5, 5", one in 2001. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, \d|^[A-Z][a-z]{2} [A-Z][a-z]{2} /;

/**
 * Milliseconds from `retry-after-ms` (OpenAI's and Azure's), or `retry-after` in seconds or as an HTTP date (RFC 9110
 * §10.2.3), clamped to 0 … 1 day; `undefined` where there is none that can be read.
 */
export function parseRetryAfter(headers: Headers, now: number): number | undefined {
  const milliseconds = numberOf(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) return clamp(milliseconds);
  const text = headers.get("retry-after");
  const seconds = numberOf(text);
  if (seconds !== undefined) return clamp(seconds * 1000);
  const date = HTTP_DATE.test(text ?? "") ? Date.parse(text ?? "") : NaN;
  return Number.isNaN(date) ? undefined : clamp(date - now);
}

function numberOf(text: string | null): number | undefined {
  if (text === null || text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function clamp(milliseconds: number): number {
  return Math.min(Math.max(Math.ceil(milliseconds), 0), LIMIT);
}
