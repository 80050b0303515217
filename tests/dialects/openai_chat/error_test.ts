/** Tests of failures: what an upstream's mean, and how ours are told. */

import assert from "node:assert/strict";
import { ERROR_KINDS, type ErrorKind, GatewayError } from "../../../chat/error.ts";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";

const STATUSES: [status: number, error: object | string, kind: ErrorKind][] = [
  [400, { message: "No" }, "invalid-request"],
  [400, { code: "context_length_exceeded" }, "context-length"],
  [400, { message: "This model's maximum context length is 8192 tokens" }, "context-length"],
  [400, { message: "Input exceeds the context window of this model" }, "context-length"],
  [401, { message: "Incorrect API key provided: sk-secret" }, "upstream-auth"],
  [402, { message: "Insufficient Balance" }, "upstream-quota"],
  [403, {}, "upstream-auth"],
  [404, { code: "model_not_found" }, "unknown-model"],
  [405, {}, "invalid-request"],
  [408, {}, "upstream-timeout"],
  [413, {}, "too-large"],
  [422, {}, "unprocessable"],
  [429, { type: "requests", code: "rate_limit_exceeded" }, "rate-limit"],
  [429, { type: "insufficient_quota", code: "insufficient_quota" }, "upstream-quota"],
  [500, {}, "upstream-failure"],
  [502, "<html>Bad gateway</html>", "upstream-failure"],
  [503, {}, "overloaded"],
  [504, {}, "upstream-timeout"],
  [529, {}, "overloaded"],
];

for (const [status, error, kind] of STATUSES) {
  Deno.test(`an upstream's ${status} with ${JSON.stringify(error)} is ${kind}`, () => {
    assert.equal(openaiChat.parseError(status, typeof error === "string" ? error : { error }).kind, kind);
  });
}

Deno.test("E16 H4 what an upstream says stays in the detail, which no client sees", () => {
  const said = { error: { message: "Incorrect API key provided: sk-secret", type: "invalid_request_error" } };
  const error = openaiChat.parseError(401, said);
  assert.match(error.detail ?? "", /sk-secret/);
  assert.doesNotMatch(JSON.stringify(openaiChat.formatError(error, "req_1")), /sk-secret/);
  assert.equal(openaiChat.formatError(error, "req_1").status, 502);
});

Deno.test("the detail is cut, as an upstream may answer with a whole page", () => {
  assert.equal(openaiChat.parseError(500, "x".repeat(10_000)).detail?.length, 2048);
});

Deno.test("the field and the code that an upstream refuses are named in our sentence", () => {
  const refused = (status: number, error: object) => openaiChat.parseError(status, { error });
  const named = refused(400, { message: "secret", param: "messages[0].content", code: "invalid_value" });
  assert.equal(
    named.message,
    "Cannot answer as the provider refused the request at messages[0].content (invalid_value)",
  );
  assert.deepEqual([named.param, named.code], ["messages[0].content", "invalid_value"]);
  assert.equal(refused(422, { param: "n" }).param, "n");
});

Deno.test("what might be a sentence of the upstream's is not taken for a field or a code", () => {
  const error = openaiChat.parseError(400, { error: { param: "the key sk-1", code: "x".repeat(65) } });
  assert.deepEqual([error.param, error.code], [undefined, undefined]);
  assert.equal(error.message, "Cannot answer as the provider refused the request");
});

const IN_BAND: [error: unknown, kind: ErrorKind][] = [
  [{ code: 429, message: "Rate limited" }, "rate-limit"],
  [{ code: 502 }, "upstream-failure"],
  [{ code: "insufficient_quota" }, "upstream-quota"],
  [{ type: "overloaded_error" }, "overloaded"],
  [{ code: "context_length_exceeded", type: "invalid_request_error" }, "context-length"],
  [{ type: "server_error" }, "upstream-failure"],
  ["No", "upstream-failure"],
];

for (const [error, kind] of IN_BAND) {
  Deno.test(`an error with status 200 is known by its words: ${JSON.stringify(error)} is ${kind}`, () => {
    const event = openaiChat.parseResponse({ error }, "", {}).events.at(-1);
    assert.equal(event?.type === "error" && event.error.kind, kind);
  });
}

// ── Telling ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Deno.test("E3 E4 every kind has an envelope with four members and the request's id, and a type", () => {
  for (const kind of Object.keys(ERROR_KINDS) as ErrorKind[]) {
    const { status, body } = openaiChat.formatError(new GatewayError(kind, "Cannot go on"), "req_1");
    assert.equal(status, ERROR_KINDS[kind].status);
    const { error } = JSON.parse(JSON.stringify(body));
    assert.deepEqual(Object.keys(error), ["message", "type", "param", "code", "request_id"]);
    assert.equal(error.message, "Cannot go on");
    assert.equal(error.request_id, "req_1");
    assert.match(error.type, /^[a-z_]+$/);
    assert.ok(error.code === null || /^[a-z_]+$/.test(error.code), kind);
  }
});

const TOLD: [kind: ErrorKind, type: string, code: string | null][] = [
  ["invalid-request", "invalid_request_error", null],
  ["context-length", "invalid_request_error", "context_length_exceeded"],
  ["unauthorized", "invalid_request_error", "invalid_api_key"],
  ["forbidden", "permission_error", null],
  ["unknown-model", "invalid_request_error", "model_not_found"],
  ["rate-limit", "rate_limit_error", "rate_limit_exceeded"],
  ["quota", "insufficient_quota", "insufficient_quota"],
  ["upstream-auth", "server_error", "upstream_auth"],
  ["overloaded", "server_error", "overloaded"],
  ["upstream-timeout", "timeout", "upstream_timeout"],
];

Deno.test("E4 the types and codes that SDKs and clients know", () => {
  for (const [kind, type, code] of TOLD) {
    const { body } = openaiChat.formatError(new GatewayError(kind, "No"), "req_1");
    assert.deepEqual(body.error, { message: "No", type, param: null, code, request_id: "req_1" }, kind);
  }
});

Deno.test("the error's own field and code are told before the table's", () => {
  const error = new GatewayError("upstream-timeout", "No", { param: "n", code: "idle_timeout" });
  assert.deepEqual(openaiChat.formatError(error, "r").body.error, {
    message: "No",
    type: "timeout",
    param: "n",
    code: "idle_timeout",
    request_id: "r",
  });
});
