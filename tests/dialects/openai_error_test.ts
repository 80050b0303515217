/** Tests of OpenAI's errors: read from an upstream, told to a client. */

import assert from "node:assert/strict";
import { ERROR_KINDS, type ErrorKind, GatewayError } from "../../chat/error.ts";
import { formatError, parseError, parseInBandError } from "../../dialects/openai_error.ts";

const body = (error: object) => ({ error: { message: "the upstream's words, sk-secret", ...error } });

for (
  const [status, error, kind] of [
    [400, {}, "invalid-request"],
    [400, { code: "context_length_exceeded" }, "context-length"],
    [400, { message: "This model's maximum context length is 8192 tokens" }, "context-length"],
    [401, { code: "invalid_api_key" }, "upstream-auth"],
    [402, {}, "upstream-quota"],
    [403, {}, "upstream-auth"],
    [404, { code: "model_not_found" }, "unknown-model"],
    [413, {}, "too-large"],
    [422, {}, "unprocessable"],
    [429, { code: "rate_limit_exceeded" }, "rate-limit"],
    [429, { type: "insufficient_quota" }, "upstream-quota"],
    [500, {}, "upstream-failure"],
    [503, {}, "overloaded"],
    [504, {}, "upstream-timeout"],
  ] satisfies [number, object, ErrorKind][]
) {
  Deno.test(`E4 E16 status ${status} with ${JSON.stringify(error)} is ${kind}, in our words`, () => {
    const parsed = parseError(status, body(error));
    assert.equal(parsed.kind, kind);
    assert.ok(!parsed.message.includes("secret"));
    assert.ok(parsed.detail?.startsWith("{"));
  });
}

for (
  const [error, kind] of [
    [{ code: "server_error" }, "upstream-failure"],
    [{ code: "rate_limit_exceeded" }, "rate-limit"],
    [{ code: "context_length_exceeded" }, "context-length"],
    [{ code: "server_is_overloaded" }, "overloaded"],
    [{ type: "rate_limit_error" }, "rate-limit"],
    [{ type: "overloaded_error" }, "overloaded"],
    [{ code: "model_not_found" }, "unknown-model"],
    [{ code: "invalid_api_key" }, "upstream-auth"],
    [{ type: "authentication_error" }, "upstream-auth"],
    [{ type: "timeout" }, "upstream-timeout"],
    [{ code: "billing_hard_limit_reached" }, "upstream-quota"],
    [{ code: "invalid_prompt" }, "invalid-request"],
    [{ code: null, type: "insufficient_quota" }, "upstream-quota"],
    [{ code: 429 }, "rate-limit"],
    [{ code: "image_too_large", type: "invalid_request_error" }, "invalid-request"],
    [{}, "upstream-failure"],
  ] satisfies [object, ErrorKind][]
) {
  Deno.test(`E6 an error in a stream with ${JSON.stringify(error)} is ${kind}, nested or flat`, () => {
    assert.equal(parseInBandError(body(error)).kind, kind);
    assert.equal(parseInBandError({ type: "error", message: "x", ...error }).kind, kind);
  });
}

Deno.test("P6 the upstream's code and field are passed on, where they are plain and not about our account", () => {
  const at = (error: object) => {
    const { code, param, message } = parseError(400, body(error));
    return { code, param, message };
  };
  assert.deepEqual(at({ code: "invalid_value", param: "input[0].content" }), {
    code: "invalid_value",
    param: "input[0].content",
    message: "Cannot answer as the provider refused the request at input[0].content (invalid_value)",
  });
  assert.deepEqual(at({ code: "not a word", param: "x".repeat(65) }), {
    code: undefined,
    param: undefined,
    message: "Cannot answer as the provider refused the request",
  });
  assert.equal(parseInBandError(body({ code: "server_error" })).code, "server_error");
  const tooLong = { code: "invalid_request_error", message: "This model's maximum context length is 65536 tokens" };
  const { kind, code } = parseError(400, body(tooLong));
  assert.deepEqual([kind, code], ["context-length", undefined], "a code that says less than ours");
  assert.equal(parseError(401, body({ code: "invalid_api_key" })).code, undefined);
  assert.equal(parseError(429, body({ code: "insufficient_quota" })).code, undefined);
});

Deno.test("an error may be text, a body without its envelope, or nothing that can be read", () => {
  assert.equal(parseError(400, { error: "context window exceeded" }).kind, "context-length");
  assert.equal(parseError(400, { object: "error", message: "maximum context length" }).kind, "context-length");
  for (const nothing of ["<html>", null, 5, [], undefined]) {
    assert.equal(parseError(502, nothing).kind, "upstream-failure");
  }
});

Deno.test("E3 every kind has a body with all its members, and its own status", () => {
  for (const kind of Object.keys(ERROR_KINDS) as ErrorKind[]) {
    const { status, body } = formatError(new GatewayError(kind, "Cannot", { param: "x" }), "req_1");
    assert.equal(status, ERROR_KINDS[kind].status);
    const { error } = body as { error: { [member: string]: unknown } };
    assert.deepEqual(Object.keys(error).sort(), ["code", "message", "param", "request_id", "type"]);
    assert.deepEqual([error.message, error.param, error.request_id], ["Cannot", "x", "req_1"]);
    assert.ok(typeof error.type === "string" && error.type !== "");
  }
});

/** DIALECTS.md §2.3: what a client tells the kinds apart by. */
const TOLD: Record<ErrorKind, [type: string, code: string | null]> = {
  "invalid-request": ["invalid_request_error", null],
  "context-length": ["invalid_request_error", "context_length_exceeded"],
  "unauthorized": ["invalid_request_error", "invalid_api_key"],
  "forbidden": ["permission_error", null],
  "unknown-model": ["invalid_request_error", "model_not_found"],
  "unknown-route": ["invalid_request_error", "unknown_url"],
  "not-found": ["invalid_request_error", "not_found"],
  "method-not-allowed": ["invalid_request_error", "method_not_allowed"],
  "websocket": ["invalid_request_error", "websocket_not_supported"],
  "request-timeout": ["timeout", "request_timeout"],
  "conflict": ["invalid_request_error", "conflict"],
  "too-large": ["invalid_request_error", "request_too_large"],
  "unsupported-media-type": ["invalid_request_error", "unsupported_media_type"],
  "unprocessable": ["invalid_request_error", "unprocessable"],
  "rate-limit": ["rate_limit_error", "rate_limit_exceeded"],
  "quota": ["insufficient_quota", "insufficient_quota"],
  "client-gone": ["server_error", "client_gone"],
  "internal": ["server_error", "internal_error"],
  "upstream-auth": ["server_error", "upstream_auth"],
  "upstream-quota": ["server_error", "upstream_quota"],
  "upstream-unreachable": ["server_error", "upstream_unreachable"],
  "upstream-failure": ["server_error", "upstream_failure"],
  "upstream-malformed": ["server_error", "upstream_malformed"],
  "upstream-empty": ["server_error", "upstream_empty"],
  "upstream-cut": ["server_error", "upstream_cut"],
  "overloaded": ["server_error", "overloaded"],
  "configuration": ["server_error", "configuration"],
  "shutting-down": ["server_error", "shutting_down"],
  "upstream-timeout": ["timeout", "upstream_timeout"],
};

for (const [kind, told] of Object.entries(TOLD) as [ErrorKind, (typeof TOLD)[ErrorKind]][]) {
  Deno.test(`E4 ${kind} is told as ${told.join(" and ")}`, () => {
    const { body } = formatError(new GatewayError(kind, "Cannot"), "req_1");
    const { type, code } = body.error as { type: string; code: string | null };
    assert.deepEqual([type, code], told);
  });
}

Deno.test("E4 a kind is told by its type and code; an error's own code comes first", () => {
  const told = (error: GatewayError) =>
    (formatError(error, "r").body as { error: { type: string; code: string } }).error;
  const limit = told(new GatewayError("rate-limit", "x"));
  assert.deepEqual([limit.type, limit.code], ["rate_limit_error", "rate_limit_exceeded"]);
  assert.equal(told(new GatewayError("upstream-timeout", "x", { code: "idle_timeout" })).code, "idle_timeout");
});
