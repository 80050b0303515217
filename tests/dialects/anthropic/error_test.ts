/** Tests of failures: what an upstream's mean, and how ours are told. */

import assert from "node:assert/strict";
import { ERROR_KINDS, type ErrorKind, GatewayError } from "../../../chat/error.ts";
import { anthropic } from "../../../dialects/anthropic/mod.ts";
import { fixture } from "../../support/codec.ts";

const SECRET = "sk-ant-secret";
const body = (type: string, message = SECRET, more = {}) => ({ type: "error", error: { type, message, ...more } });

Deno.test("parseError() names each failure of an upstream, and never passes its words on", () => {
  const cases: [status: number, body: unknown, kind: ErrorKind][] = [
    [400, body("invalid_request_error"), "invalid-request"],
    [400, JSON.parse(fixture("anthropic/error.json")), "context-length"],
    [400, body("invalid_request_error", "input length and `max_tokens` exceed context limit"), "context-length"],
    [400, body("invalid_request_error", "Your credit balance is too low to access the API"), "upstream-quota"],
    [401, body("authentication_error"), "upstream-auth"],
    [402, body("billing_error"), "upstream-quota"],
    [403, body("permission_error"), "upstream-auth"],
    [404, body("not_found_error"), "unknown-model"],
    [413, body("request_too_large"), "too-large"],
    [422, body("invalid_request_error"), "unprocessable"],
    [429, body("rate_limit_error"), "rate-limit"],
    [
      429,
      body("rate_limit_error", SECRET, { details: { error_code: "enforced_spend_limit_reached" } }),
      "upstream-quota",
    ],
    [500, body("api_error"), "upstream-failure"],
    [500, body("invalid_request_error"), "invalid-request"],
    [503, body("overloaded_error"), "overloaded"],
    [504, body("timeout_error"), "upstream-timeout"],
    [529, body("overloaded_error"), "overloaded"],
    [529, "<html>", "overloaded"],
    [502, SECRET, "upstream-failure"],
    [500, null, "upstream-failure"],
    [418, {}, "invalid-request"],
  ];
  for (const [status, body, kind] of cases) {
    const error = anthropic.parseError(status, body);
    assert.equal(error.kind, kind, `${status} ${JSON.stringify(body)}`);
    assert.ok(!error.message.includes(SECRET));
  }
  assert.match(anthropic.parseError(400, body("invalid_request_error")).detail ?? "", /sk-ant-secret/);
  assert.ok((anthropic.parseError(500, "x".repeat(9000)).detail ?? "").length <= 2048);
});

Deno.test("E16 an upstream's 401 is never the caller's", () => {
  assert.equal(anthropic.parseError(401, body("authentication_error")).status, 502);
});

Deno.test("E7 an overloaded upstream may be asked again", () => {
  assert.equal(anthropic.parseError(529, body("overloaded_error")).retryable, true);
  assert.equal(anthropic.parseError(429, body("rate_limit_error")).retryable, true);
  assert.equal(anthropic.parseError(401, body("authentication_error")).retryable, false);
});

Deno.test("a plain code of an upstream's error is kept, a sentence is not", () => {
  const code = (error_code: unknown) =>
    anthropic.parseError(400, body("invalid_request_error", SECRET, { details: { error_code } })).code;
  assert.equal(code("tool_name_conflict"), "tool_name_conflict");
  assert.equal(code("the key sk-ant"), undefined);
  assert.equal(code(5), undefined);
});

Deno.test("E3, E4 each kind has its type and status here", () => {
  const expected: Partial<Record<ErrorKind, [number, string]>> = {
    "invalid-request": [400, "invalid_request_error"],
    "context-length": [400, "invalid_request_error"],
    "unauthorized": [401, "authentication_error"],
    "quota": [402, "billing_error"],
    "forbidden": [403, "permission_error"],
    "unknown-model": [404, "not_found_error"],
    "unknown-route": [404, "not_found_error"],
    "not-found": [404, "not_found_error"],
    "request-timeout": [408, "timeout_error"],
    "too-large": [413, "request_too_large"],
    "rate-limit": [429, "rate_limit_error"],
    "internal": [500, "api_error"],
    "upstream-auth": [502, "api_error"],
    "overloaded": [529, "overloaded_error"],
    "shutting-down": [503, "overloaded_error"],
    "upstream-timeout": [504, "timeout_error"],
  };
  for (const kind of Object.keys(ERROR_KINDS) as ErrorKind[]) {
    const { status, body } = anthropic.formatError(new GatewayError(kind, "Cannot answer"), "req_1");
    assert.deepEqual(Object.keys(body), ["type", "error", "request_id"]);
    assert.equal(body.type, "error");
    assert.equal(body.request_id, "req_1");
    const { type, message } = Object(body.error);
    assert.match(message, /^Cannot answer/);
    const [wantedStatus, wantedType] = expected[kind] ?? [ERROR_KINDS[kind].status, type];
    assert.deepEqual([status, type], [wantedStatus, wantedType], kind);
  }
});

Deno.test("a code of ours is told where the official client looks for one", () => {
  const error = new GatewayError("upstream-timeout", "Cannot answer", { code: "idle_timeout", detail: SECRET });
  const { body } = anthropic.formatError(error, "req_1");
  assert.deepEqual(Object(body.error).details, { error_code: "idle_timeout" });
  assert.ok(!JSON.stringify(body).includes(SECRET));
});

Deno.test("a prompt that is too long is told in the words that make Claude Code compact it", () => {
  const { body } = anthropic.formatError(anthropic.parseError(400, JSON.parse(fixture("anthropic/error.json"))), "r");
  assert.match(Object(body.error).message, /prompt is too long/);
});
