/** Failures: what an upstream's error means, and how ours are told to a client. */

import { type ErrorKind, GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { isObject } from "../json.ts";
import { kindInWords } from "../telling_words.ts";
import { kindOfStatus, upstreamError, type UpstreamKind } from "../upstream_error.ts";

/** The `type` of an upstream's error; `invalid_request_error` is looked into. */
const KIND_BY_TYPE: ReadonlyMap<string, UpstreamKind> = new Map([
  ["authentication_error", "upstream-auth"],
  ["permission_error", "upstream-auth"],
  ["billing_error", "upstream-quota"],
  ["not_found_error", "unknown-model"],
  ["request_too_large", "too-large"],
  ["rate_limit_error", "rate-limit"],
  ["timeout_error", "upstream-timeout"],
  ["overloaded_error", "overloaded"],
  ["api_error", "upstream-failure"],
]);

/** What an error answer with `status` means. */
export function parseError(status: number, body: unknown): GatewayError {
  return readError(body, kindInWords(status, errorIn(body)) ?? kindOfStatus(status));
}

/** What the `error` event of a stream, or an error in an answer with status 200, means (CASES E6). */
export function parseInBandError(body: unknown): GatewayError {
  return readError(body, "upstream-failure");
}

function readError(body: unknown, kindByStatus: UpstreamKind): GatewayError {
  const error = errorIn(body);
  const kind = kindOf(error, kindByStatus);
  const known = upstreamError(kind, body);
  const code = codeOf(error);
  if (code === undefined || known.detail === undefined) return known;
  return new GatewayError(kind, known.message, { code, detail: known.detail });
}

function kindOf(error: JsonObject, kindByStatus: UpstreamKind): UpstreamKind {
  const type = typeof error.type === "string" ? error.type : "";
  // A limit on spending is told as a rate limit, but does not pass with time.
  if (/spend_limit_reached$/.test(codeOf(error) ?? "")) return "upstream-quota";
  if (type !== "invalid_request_error") return KIND_BY_TYPE.get(type) ?? kindByStatus;
  if (kindByStatus !== "upstream-failure") return kindByStatus;
  // Within a stream, too, an account without money is told of as a bad request.
  return kindInWords(400, error) ?? "invalid-request";
}

/** `{type: "error", error: {…}}`, or the error itself. */
function errorIn(body: unknown): JsonObject {
  if (!isObject(body)) return {};
  return isObject(body.error) ? body.error : body;
}

/** A code is plain; anything else might be a sentence of the upstream's. */
function codeOf({ details }: JsonObject): string | undefined {
  const code: Json | undefined = isObject(details) ? details.error_code : undefined;
  return typeof code === "string" && /^[\w.[\]-]{1,64}$/.test(code) ? code : undefined;
}

/** DIALECTS.md §2.3. A status is given where the dialect has one of its own. */
const WIRE = {
  "invalid-request": { type: "invalid_request_error" },
  "context-length": { type: "invalid_request_error" },
  "unauthorized": { type: "authentication_error" },
  "forbidden": { type: "permission_error" },
  "unknown-model": { type: "not_found_error" },
  "unknown-route": { type: "not_found_error" },
  "not-found": { type: "not_found_error" },
  "method-not-allowed": { type: "invalid_request_error" },
  "websocket": { type: "invalid_request_error" },
  "request-timeout": { type: "timeout_error" },
  "conflict": { type: "invalid_request_error" },
  "too-large": { type: "request_too_large" },
  "unsupported-media-type": { type: "invalid_request_error" },
  "unprocessable": { type: "invalid_request_error" },
  "rate-limit": { type: "rate_limit_error" },
  "quota": { type: "billing_error", status: 402 },
  "client-gone": { type: "api_error" },
  "internal": { type: "api_error" },
  "upstream-auth": { type: "api_error" },
  "upstream-quota": { type: "api_error" },
  "upstream-unreachable": { type: "api_error" },
  "upstream-failure": { type: "api_error" },
  "upstream-malformed": { type: "api_error" },
  "upstream-empty": { type: "api_error" },
  "upstream-cut": { type: "api_error" },
  "overloaded": { type: "overloaded_error", status: 529 },
  "configuration": { type: "api_error" },
  "shutting-down": { type: "overloaded_error" },
  "upstream-timeout": { type: "timeout_error" },
} as const satisfies Record<ErrorKind, { type: string; status?: number }>;

export function formatError(error: GatewayError, requestId: string): { status: number; body: JsonObject } {
  const wire: { type: string; status?: number } = WIRE[error.kind];
  return { status: wire.status ?? error.status, body: errorBody(error, requestId) };
}

/** The body of an error answer, which is also the data of an error event. */
export function errorBody(error: GatewayError, requestId: string | null): JsonObject {
  const { type } = WIRE[error.kind];
  // Claude Code compacts the conversation, and asks again, when it reads these words.
  const message = error.kind === "context-length" ? `${error.message} (prompt is too long)` : error.message;
  return {
    type: "error",
    error: { type, message, ...(error.code !== undefined && { details: { error_code: error.code } }) },
    request_id: requestId,
  };
}
