import assert from "node:assert/strict";
import { ERROR_KINDS, type ErrorKind, GatewayError } from "../../../chat/error.ts";
import type { JsonObject } from "../../../chat/json.ts";
import { gemini } from "../../../dialects/gemini/mod.ts";
import { fixture } from "../../support/codec.ts";

const parse = (file: string, status: number) => gemini.parseError(status, JSON.parse(fixture(`gemini/${file}.json`)));
const google = (code: number, status: string, message = "…") => ({ error: { code, message, status } });

Deno.test("G21 the delay that a rate limit names is told", () => {
  const error = parse("rate_limit", 429);
  assert.deepEqual([error.kind, error.retryAfter, error.retryable], ["rate-limit", 38_000, true]);
  const half = gemini.parseError(429, { error: { details: [{ retryDelay: "1.5s" }] } });
  assert.equal(half.retryAfter, 1500);
  assert.equal(gemini.parseError(429, { error: { details: [{ retryDelay: "soon" }] } }).retryAfter, undefined);
});

Deno.test("G21 a quota of the day is not back in a second", () => {
  assert.equal(parse("day_quota", 429).retryAfter, 3_600_000);
});

Deno.test("E16 a wrong key is our own matter, though the API answers 400", () => {
  const error = parse("bad_key", 400);
  assert.deepEqual([error.kind, error.status, error.code], ["upstream-auth", 502, undefined]);
  assert.doesNotMatch(error.message, /valid API key/);
  assert.match(error.detail ?? "", /API key not valid/);
  for (const reason of ["API_KEY_INVALID", "API_KEY_EXPIRED"]) {
    const told = { ...google(400, "INVALID_ARGUMENT").error, details: [{ reason }] };
    assert.equal(gemini.parseError(400, { error: told }).kind, "upstream-auth", reason);
  }
});

Deno.test("a prompt that is too long, and a field that is wrong", () => {
  assert.equal(parse("too_long", 400).kind, "context-length");
  const error = parse("bad_field", 400);
  assert.deepEqual([error.kind, error.param], ["invalid-request", "tools[0].function_declarations[0].parameters"]);
});

const KINDS: [number, unknown, ErrorKind][] = [
  [400, google(400, "INVALID_ARGUMENT"), "invalid-request"],
  [400, google(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), "upstream-auth"],
  [401, google(401, "UNAUTHENTICATED"), "upstream-auth"],
  [402, {}, "upstream-quota"],
  [403, google(403, "PERMISSION_DENIED"), "upstream-auth"],
  [404, google(404, "NOT_FOUND"), "unknown-model"],
  [408, {}, "upstream-timeout"],
  [409, google(409, "ABORTED"), "upstream-failure"],
  [413, "<html>", "too-large"],
  [429, google(429, "RESOURCE_EXHAUSTED"), "rate-limit"],
  [499, google(499, "CANCELLED"), "upstream-failure"],
  [500, google(500, "INTERNAL"), "upstream-failure"],
  [501, google(501, "UNIMPLEMENTED"), "upstream-failure"],
  [502, "<html>Bad gateway</html>", "upstream-failure"],
  [503, google(503, "UNAVAILABLE"), "overloaded"],
  [504, google(504, "DEADLINE_EXCEEDED"), "upstream-timeout"],
  [200, google(503, ""), "overloaded"],
  [0, {}, "upstream-failure"],
];

for (const [status, body, kind] of KINDS) {
  Deno.test(`E4 ${status} with ${JSON.stringify(body).slice(0, 60)} is ${kind}`, () => {
    assert.equal(gemini.parseError(status, body).kind, kind);
    assert.equal(gemini.parseError(status, [body]).kind, kind, "in the array of a stream without alt=sse");
  });
}

Deno.test("an upstream's sentence never reaches the client, its plain words may", () => {
  const details = [
    { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "MODEL_TUNING" },
    { fieldViolations: [{ field: "a sentence with spaces" }, { field: "contents[0]" }] },
  ];
  const error = gemini.parseError(400, {
    error: { ...google(400, "INVALID_ARGUMENT", "Secret sauce").error, details },
  });
  assert.deepEqual([error.code, error.param], ["MODEL_TUNING", "contents[0]"]);
  assert.doesNotMatch(error.message, /sauce/);
  assert.ok(error.detail!.length <= 2048);
});

Deno.test("E3 E4 our errors in Google's envelope, with a numeric code and the request's id", () => {
  const WORDS: Record<ErrorKind, string> = {
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
  };
  for (const kind of Object.keys(ERROR_KINDS) as ErrorKind[]) {
    const { status, body } = gemini.formatError(new GatewayError(kind, "Cannot do it"), "req_1");
    assert.equal(status, ERROR_KINDS[kind].status);
    assert.deepEqual(body, {
      error: {
        code: status,
        message: "Cannot do it",
        status: WORDS[kind],
        details: [{ "@type": "type.googleapis.com/google.rpc.RequestInfo", requestId: "req_1" }],
      },
    });
  }
});

Deno.test("H2 what an error says beyond its kind stands in Google's details", () => {
  const error = new GatewayError("rate-limit", "Cannot answer", {
    code: "first_content_timeout",
    param: "contents[0]",
    retryAfter: 1500,
    detail: "secret",
  });
  const { body } = gemini.formatError(error, "req_1");
  const details = (body.error as JsonObject).details as JsonObject[];
  const type = (name: string) => `type.googleapis.com/google.rpc.${name}`;
  assert.deepEqual(details, [
    { "@type": type("ErrorInfo"), reason: "first_content_timeout" },
    { "@type": type("BadRequest"), fieldViolations: [{ field: "contents[0]", description: "Cannot answer" }] },
    { "@type": type("RetryInfo"), retryDelay: "2s" },
    { "@type": type("RequestInfo"), requestId: "req_1" },
  ]);
  assert.equal(gemini.parseError(429, body).retryAfter, 2000);
});
