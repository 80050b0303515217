/** OpenAI's errors, as all of its APIs tell them: what an upstream's mean, and how ours are told to a client. */

import { type ErrorKind, GatewayError } from "../chat/error.ts";
import type { Json, JsonObject } from "../chat/json.ts";
import { given } from "./given.ts";
import { isObject } from "./json.ts";
import { kindInWords } from "./telling_words.ts";
import { kindOfStatus, upstreamError, type UpstreamKind } from "./upstream_error.ts";

/** Words in an upstream's `code` or `type` that say more than its status does. */
const KIND_BY_WORD: ReadonlyMap<string, UpstreamKind> = new Map([
  ["context_length_exceeded", "context-length"],
  ["insufficient_quota", "upstream-quota"],
  ["billing_hard_limit_reached", "upstream-quota"],
  ["rate_limit_exceeded", "rate-limit"],
  ["rate_limit_error", "rate-limit"],
  ["overloaded_error", "overloaded"],
  ["server_is_overloaded", "overloaded"],
  ["model_not_found", "unknown-model"],
  ["invalid_api_key", "upstream-auth"],
  ["authentication_error", "upstream-auth"],
  ["timeout", "upstream-timeout"],
  ["server_error", "upstream-failure"],
  ["invalid_prompt", "invalid-request"],
  ["invalid_request_error", "invalid-request"],
]);

/** What an error answer with `status` means. */
export function parseError(status: number, body: unknown): GatewayError {
  const error = errorIn(body);
  return explained(kindOf(status, error), error, body);
}

/** What the error in a stream, or in an answer with status 200, means; OpenRouter puts a status in its `code`. */
export function parseInBandError(body: unknown): GatewayError {
  const error = errorIn(body);
  const status = typeof error.code === "number" ? error.code : 0;
  const kind = KIND_BY_WORD.get(wordOf(error.code)) ?? KIND_BY_WORD.get(wordOf(error.type)) ?? kindOf(status, error);
  return explained(kind, error, body);
}

function kindOf(status: number, error: JsonObject): UpstreamKind {
  return kindInWords(status, error) ?? kindOfStatus(status);
}

/** DeepSeek's code for all that is wrong with a request, a prompt that is too long among it: ours says more. */
const GENERIC = "invalid_request_error";

/**
 * The error with the code and the field that the upstream names. Where they concern our own account they are not the
 * client's, who would take the key or the quota for its own (CASES E16).
 */
function explained(kind: UpstreamKind, error: JsonObject, body: unknown): GatewayError {
  const plain = upstreamError(kind, body);
  if (kind === "upstream-auth" || kind === "upstream-quota") return plain;
  const param = plainWord(error.param);
  const isAtFault = kind === "invalid-request" || kind === "unprocessable";
  const code = isAtFault || error.code !== GENERIC ? plainWord(error.code) : undefined;
  const place = isAtFault && param !== undefined ? ` at ${param}` : "";
  const why = isAtFault && code !== undefined ? ` (${code})` : "";
  return new GatewayError(kind, `${plain.message}${place}${why}`, given({ detail: plain.detail, param, code }));
}

/** `{error: {…}}`, `{error: "text"}`, or the error itself: the Responses API's flat event, vLLM's `{object: "error"}`. */
function errorIn(body: unknown): JsonObject {
  if (!isObject(body)) return {};
  if (isObject(body.error)) return body.error;
  return typeof body.error === "string" ? { message: body.error } : body;
}

function wordOf(value: Json | undefined): string {
  return typeof value === "string" ? value.toLowerCase() : "";
}

/** A field path or a code; anything else might be a sentence of the upstream's. */
function plainWord(value: Json | undefined): string | undefined {
  return typeof value === "string" && /^[\w.[\]-]{1,64}$/.test(value) ? value : undefined;
}

/** DIALECTS.md §2.3. The code is what a program tells the kinds apart by. */
const WIRE = {
  "invalid-request": { type: "invalid_request_error", code: null },
  "context-length": { type: "invalid_request_error", code: "context_length_exceeded" },
  "unauthorized": { type: "invalid_request_error", code: "invalid_api_key" },
  "forbidden": { type: "permission_error", code: null },
  "unknown-model": { type: "invalid_request_error", code: "model_not_found" },
  "unknown-route": { type: "invalid_request_error", code: "unknown_url" },
  "not-found": { type: "invalid_request_error", code: "not_found" },
  "method-not-allowed": { type: "invalid_request_error", code: "method_not_allowed" },
  "websocket": { type: "invalid_request_error", code: "websocket_not_supported" },
  "request-timeout": { type: "timeout", code: "request_timeout" },
  "conflict": { type: "invalid_request_error", code: "conflict" },
  "too-large": { type: "invalid_request_error", code: "request_too_large" },
  "unsupported-media-type": { type: "invalid_request_error", code: "unsupported_media_type" },
  "unprocessable": { type: "invalid_request_error", code: "unprocessable" },
  "rate-limit": { type: "rate_limit_error", code: "rate_limit_exceeded" },
  "quota": { type: "insufficient_quota", code: "insufficient_quota" },
  "client-gone": { type: "server_error", code: "client_gone" },
  "internal": { type: "server_error", code: "internal_error" },
  "upstream-auth": { type: "server_error", code: "upstream_auth" },
  "upstream-quota": { type: "server_error", code: "upstream_quota" },
  "upstream-unreachable": { type: "server_error", code: "upstream_unreachable" },
  "upstream-failure": { type: "server_error", code: "upstream_failure" },
  "upstream-malformed": { type: "server_error", code: "upstream_malformed" },
  "upstream-empty": { type: "server_error", code: "upstream_empty" },
  "upstream-cut": { type: "server_error", code: "upstream_cut" },
  "overloaded": { type: "server_error", code: "overloaded" },
  "configuration": { type: "server_error", code: "configuration" },
  "shutting-down": { type: "server_error", code: "shutting_down" },
  "upstream-timeout": { type: "timeout", code: "upstream_timeout" },
} as const satisfies Record<ErrorKind, { type: string; code: string | null }>;

export function formatError(error: GatewayError, requestId: string): { status: number; body: JsonObject } {
  return { status: error.status, body: { error: { ...errorObject(error), request_id: requestId } } };
}

/** The `error` member of an error body or of an error frame. */
export function errorObject(error: GatewayError) {
  const { type, code } = WIRE[error.kind];
  return { message: error.message, type, param: error.param ?? null, code: error.code ?? code };
}
