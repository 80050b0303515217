/** Failures: what an upstream's error means, and how ours are told to a client. */

import { type ErrorKind, GatewayError } from "../../chat/error.ts";
import type { Json, JsonObject } from "../../chat/json.ts";
import { given } from "../given.ts";
import { isObject } from "../json.ts";
import { kindInWords } from "../telling_words.ts";
import { kindOfStatus, upstreamError, type UpstreamKind } from "../upstream_error.ts";

/** https://cloud.google.com/apis/design/errors#error_codes; `INVALID_ARGUMENT` is looked into. */
const KIND_BY_STATUS: ReadonlyMap<string, UpstreamKind> = new Map([
  ["UNAUTHENTICATED", "upstream-auth"],
  ["PERMISSION_DENIED", "upstream-auth"],
  // The place the gateway calls from, or the account behind the key, is not served.
  ["FAILED_PRECONDITION", "upstream-auth"],
  ["NOT_FOUND", "unknown-model"],
  ["RESOURCE_EXHAUSTED", "rate-limit"],
  ["DEADLINE_EXCEEDED", "upstream-timeout"],
  ["UNAVAILABLE", "overloaded"],
  ["INTERNAL", "upstream-failure"],
  ["UNKNOWN", "upstream-failure"],
  ["ABORTED", "upstream-failure"],
  ["CANCELLED", "upstream-failure"],
  ["DATA_LOSS", "upstream-failure"],
  ["UNIMPLEMENTED", "upstream-failure"],
]);

/** A quota of the day comes back at midnight in California; the API's own hint is a matter of seconds (CASES G21). */
const DAY_QUOTA_PAUSE = 3_600_000;

/** What an error answer, or an error within a stream, means. */
export function parseError(status: number, body: unknown): GatewayError {
  const error = errorIn(body);
  const details = [error.details ?? []].flat().filter((detail) => isObject(detail));
  const kind = kindOf(status, error, details);
  const plain = upstreamError(kind, body);
  // What concerns our own account is not the client's, who would take the key or the quota for its own (CASES E16).
  if (kind === "upstream-auth" || kind === "upstream-quota") return plain;
  const members = given({
    detail: plain.detail,
    code: details.map(({ reason }) => plainWord(reason)).find((word) => word !== undefined),
    param: details.flatMap(({ fieldViolations }) => violations(fieldViolations, "field"))[0],
    retryAfter: retryAfterOf(details),
  });
  return new GatewayError(kind, plain.message, members);
}

function kindOf(status: number, error: JsonObject, details: readonly JsonObject[]): UpstreamKind {
  const message = typeof error.message === "string" ? error.message : "";
  // The API answers 400 to a wrong key.
  const isAboutKey = /API key not valid|API key expired/i.test(message) ||
    details.some(({ reason }) => reason === "API_KEY_INVALID" || reason === "API_KEY_EXPIRED");
  if (isAboutKey) return "upstream-auth";
  const code = typeof error.code === "number" ? error.code : status;
  return kindInWords(code, { message }) ?? KIND_BY_STATUS.get(String(error.status)) ?? kindOfStatus(code);
}

/** `{error: {…}}`, or an array of one where a stream was asked for without `alt=sse`. */
function errorIn(body: unknown): JsonObject {
  const [first] = Array.isArray(body) ? body : [body];
  return isObject(first) && isObject(first.error) ? first.error : {};
}

/** Milliseconds until another attempt makes sense. */
function retryAfterOf(details: readonly JsonObject[]): number | undefined {
  const delay = details.map(({ retryDelay }) => parseDuration(retryDelay)).find((found) => found !== undefined);
  const quotas = details.flatMap((detail) => violations(detail.violations, "quotaId"));
  const isOfDay = quotas.some((id) => /PerDay/i.test(id));
  return isOfDay ? Math.max(delay ?? 0, DAY_QUOTA_PAUSE) : delay;
}

/** A duration such as `38s` or `1.5s`: https://protobuf.dev/reference/protobuf/google.protobuf/#duration */
function parseDuration(duration: Json | undefined): number | undefined {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(String(duration)) ?? [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}

function violations(list: Json | undefined, member: string): string[] {
  return [list ?? []].flat().flatMap((entry) => isObject(entry) ? plainWord(entry[member]) ?? [] : []);
}

/** A field path or a code; anything else might be a sentence of the upstream's. */
function plainWord(value: Json | undefined): string | undefined {
  return typeof value === "string" && /^[\w.[\]-]{1,64}$/.test(value) ? value : undefined;
}

/** DIALECTS.md §2.3. */
const STATUS_WORDS = {
  "invalid-request": "INVALID_ARGUMENT",
  "context-length": "INVALID_ARGUMENT",
  "unauthorized": "UNAUTHENTICATED",
  "forbidden": "PERMISSION_DENIED",
  "unknown-model": "NOT_FOUND",
  "unknown-route": "NOT_FOUND",
  "not-found": "NOT_FOUND",
  "method-not-allowed": "INVALID_ARGUMENT",
  "websocket": "INVALID_ARGUMENT",
  "request-timeout": "DEADLINE_EXCEEDED",
  "conflict": "ABORTED",
  "too-large": "INVALID_ARGUMENT",
  "unsupported-media-type": "INVALID_ARGUMENT",
  "unprocessable": "INVALID_ARGUMENT",
  "rate-limit": "RESOURCE_EXHAUSTED",
  "quota": "RESOURCE_EXHAUSTED",
  "client-gone": "CANCELLED",
  "internal": "INTERNAL",
  "upstream-auth": "INTERNAL",
  "upstream-quota": "INTERNAL",
  "upstream-unreachable": "UNAVAILABLE",
  "upstream-failure": "INTERNAL",
  "upstream-malformed": "INTERNAL",
  "upstream-empty": "INTERNAL",
  "upstream-cut": "INTERNAL",
  "overloaded": "UNAVAILABLE",
  "configuration": "UNAVAILABLE",
  "shutting-down": "UNAVAILABLE",
  "upstream-timeout": "DEADLINE_EXCEEDED",
} as const satisfies Record<ErrorKind, string>;

const TYPES = "type.googleapis.com/google.rpc.";

export function formatError(error: GatewayError, requestId: string): { status: number; body: JsonObject } {
  return { status: error.status, body: errorBody(error, [{ "@type": `${TYPES}RequestInfo`, requestId }]) };
}

/** The body of an error answer, which is also the last chunk of a stream that failed. `code` must be a number. */
export function errorBody(error: GatewayError, more: JsonObject[] = []): JsonObject {
  const details = [...errorDetails(error), ...more];
  const head = { code: error.status, message: error.message, status: STATUS_WORDS[error.kind] };
  return { error: { ...head, ...(details.length > 0 && { details }) } };
}

/** What the error says beyond its kind, in Google's own types: https://cloud.google.com/apis/design/errors#error_details */
function errorDetails({ code, param, retryAfter, message }: GatewayError): JsonObject[] {
  return [
    ...(code === undefined ? [] : [{ "@type": `${TYPES}ErrorInfo`, reason: code }]),
    ...(param === undefined
      ? []
      : [{ "@type": `${TYPES}BadRequest`, fieldViolations: [{ field: param, description: message }] }]),
    ...(retryAfter === undefined
      ? []
      : [{ "@type": `${TYPES}RetryInfo`, retryDelay: `${Math.ceil(retryAfter / 1000)}s` }]),
  ];
}
