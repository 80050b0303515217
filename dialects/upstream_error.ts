/** The errors that an upstream's refusals and failures become, whatever its dialect: our sentence, its words in `detail`. */

import { type ErrorKind, GatewayError } from "../chat/error.ts";

/**
 * Our sentence for each kind that an upstream can cause: its own words never reach a client. Agents tell by words like
 * "server error" whether to ask again, and by "exceeds the context window" that they must shorten the conversation
 * (pi 1.6.0, OpenCode 1.18.33, 2026-11-27).
 */
const SENTENCES = {
  "invalid-request": "Cannot answer as the provider refused the request",
  "context-length": "Cannot answer as the request exceeds the context window of the model",
  "unknown-model": "Cannot answer as the provider does not know the model",
  "too-large": "Cannot answer as the request is larger than the provider accepts",
  "unprocessable": "Cannot answer as the provider could not process the request",
  "rate-limit": "Cannot answer as the provider's rate limit is reached",
  "upstream-auth": "Cannot answer as the provider refused the gateway's key",
  "upstream-quota": "Cannot answer as the gateway's quota at the provider is used up",
  "overloaded": "Cannot answer as the provider is overloaded",
  "upstream-unreachable": "Cannot answer as the provider could not be reached: connection error",
  "upstream-timeout": "Cannot answer as the provider's response timed out",
  "upstream-failure": "Cannot answer as the provider had a server error",
  "upstream-malformed": "Cannot answer as the provider sent something that is no answer",
  "upstream-cut": "Cannot finish the answer as a connection error ended the provider's stream",
} as const satisfies Partial<Record<ErrorKind, string>>;

export type UpstreamKind = keyof typeof SENTENCES;

const KIND_BY_STATUS: ReadonlyMap<number, UpstreamKind> = new Map([
  [401, "upstream-auth"],
  [402, "upstream-quota"],
  [403, "upstream-auth"],
  [404, "unknown-model"],
  [408, "upstream-timeout"],
  [413, "too-large"],
  [422, "unprocessable"],
  [429, "rate-limit"],
  [503, "overloaded"],
  [504, "upstream-timeout"],
  [529, "overloaded"],
]);

/** What a status says where the body says no more: a 401 is about our key, never the caller's (CASES E16). */
export function kindOfStatus(status: number): UpstreamKind {
  return KIND_BY_STATUS.get(status) ?? (status >= 400 && status < 500 ? "invalid-request" : "upstream-failure");
}

/** What is kept of an upstream's words, for logs. */
const DETAIL_LIMIT = 2048;

/** The error of a kind; `body` is what the upstream said, parsed or as text, `cause` what was thrown where it said nothing. */
export function upstreamError(kind: UpstreamKind, body: unknown, cause?: unknown): GatewayError {
  const detail = (typeof body === "string" ? body : JSON.stringify(body) ?? "").slice(0, DETAIL_LIMIT);
  return new GatewayError(kind, SENTENCES[kind], { detail, cause });
}
