import assert from "node:assert/strict";
import { ask, type Caller, CALLER_LIST, CALLERS } from "../support/callers.ts";
import { startGateway } from "../support/gateway.ts";
import { withPair } from "../support/pair.ts";

const KEY = "client-key-1";

type Kind =
  | "invalid"
  | "unauthorized"
  | "unknown model"
  | "unknown route"
  | "wrong method"
  | "too large"
  | "rate limit"
  | "failure"
  | "overloaded";

/** The status of each kind, and every dialect's word for it: DIALECTS.md §2.3. */
const OPENAI = {
  "invalid": [400, "invalid_request_error"],
  "unauthorized": [401, "invalid_request_error"],
  "unknown model": [404, "invalid_request_error"],
  "unknown route": [404, "invalid_request_error"],
  "wrong method": [405, "invalid_request_error"],
  "too large": [413, "invalid_request_error"],
  "rate limit": [429, "rate_limit_error"],
  "failure": [502, "server_error"],
  "overloaded": [503, "server_error"],
} as const satisfies Record<Kind, readonly [number, string]>;

const REFUSALS: Record<Caller["dialect"], Record<Kind, readonly [status: number, word: string | undefined]>> = {
  openai_chat: OPENAI,
  openai_responses: OPENAI,
  anthropic: {
    "invalid": [400, "invalid_request_error"],
    "unauthorized": [401, "authentication_error"],
    "unknown model": [404, "not_found_error"],
    "unknown route": [404, "not_found_error"],
    "wrong method": [405, "invalid_request_error"],
    "too large": [413, "request_too_large"],
    "rate limit": [429, "rate_limit_error"],
    "failure": [502, "api_error"],
    "overloaded": [529, "overloaded_error"],
  },
  gemini: {
    "invalid": [400, "INVALID_ARGUMENT"],
    "unauthorized": [401, "UNAUTHENTICATED"],
    "unknown model": [404, "NOT_FOUND"],
    "unknown route": [404, "NOT_FOUND"],
    "wrong method": [405, "INVALID_ARGUMENT"],
    "too large": [413, "INVALID_ARGUMENT"],
    "rate limit": [429, "RESOURCE_EXHAUSTED"],
    "failure": [502, "INTERNAL"],
    "overloaded": [503, "UNAVAILABLE"],
  },
  ollama: {
    "invalid": [400, undefined],
    "unauthorized": [401, undefined],
    "unknown model": [404, undefined],
    "unknown route": [404, undefined],
    "wrong method": [405, undefined],
    "too large": [413, undefined],
    "rate limit": [429, undefined],
    "failure": [502, undefined],
    "overloaded": [503, undefined],
  },
};

/** A route that is not there, below one of the dialect's own. */
const UNKNOWN_ROUTES: Record<Caller["dialect"], string> = {
  openai_chat: "/v1/fine_tuning/jobs",
  openai_responses: "/v1/responses/resp_1/cancel",
  anthropic: "/v1/messages/batches",
  gemini: "/v1beta/cachedContents",
  ollama: "/api/pull",
};

const bearer = { authorization: `Bearer ${KEY}` };

/** The response is the kind's refusal in the caller's dialect, and carries the request's id in all its places. */
async function assertRefused(response: Response, { dialect, refusal }: Caller, kind: Kind): Promise<void> {
  const about = `${dialect}: ${kind}`;
  const [status, word] = REFUSALS[dialect][kind];
  const text = await response.text();
  assert.equal(response.status, status, `${about}: ${text}`);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/, about);
  const refused = refusal(JSON.parse(text));
  assert.equal(refused.word, word, about);
  assert.doesNotMatch(text, /upstream-key-1|<nil>|None|undefined|stack trace/, about);
  const id = response.headers.get("x-request-id");
  assert.match(id ?? "", /^req_\w{32}$/, about);
  if (refused.requestId !== undefined) assert.equal(refused.requestId, id, about);
  assert.equal(response.headers.get("request-id"), dialect === "anthropic" ? id : null, about);
}

withPair({ env: { USER_SET_KEY: KEY, BODY_LIMIT: "5000", MAX_RETRIES: "1" } }).test({
  name: "E3 E4 H2 Q12 what the gateway itself refuses, it refuses in the caller's dialect, with its request id",
  async run({ gateway: { url } }) {
    for (const caller of CALLER_LIST) {
      const whole = { model: "demo/echo", stream: false };
      const post = (body: string) => fetch(url + caller.path(whole), { method: "POST", headers: { ...bearer }, body });
      await assertRefused(await ask(url, caller, whole), caller, "unauthorized");
      const wrong = { authorization: "Bearer client-key-2" };
      await assertRefused(await ask(url, caller, { ...whole, headers: wrong }), caller, "unauthorized");
      const unknown = { model: "claude-3-5-haiku-nobody-has", stream: false, headers: bearer };
      await assertRefused(await ask(url, caller, unknown), caller, "unknown model");
      await assertRefused(await ask(url, caller, { ...unknown, stream: true }), caller, "unknown model");
      await assertRefused(await post('{"messages": oops}'), caller, "invalid");
      await assertRefused(await post("[1]"), caller, "invalid");
      await assertRefused(await post(JSON.stringify({ x: "x".repeat(10_000) })), caller, "too large");
      const route = url + UNKNOWN_ROUTES[caller.dialect];
      await assertRefused(await fetch(route, { method: "POST", headers: bearer }), caller, "unknown route");
      const method = await fetch(url + caller.path(whole), { method: "DELETE", headers: bearer });
      assert.match(method.headers.get("allow") ?? "", /POST$/);
      await assertRefused(method, caller, "wrong method");
    }
  },
});

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "E3 E4 what an upstream refuses is told in the caller's dialect; only what we tried again must not be repeated",
  async run({ gateway: { url }, upstream }) {
    const cases: [status: number, kind: Kind][] = [[429, "rate limit"], [500, "failure"], [503, "overloaded"]];
    for (const [status, kind] of cases) {
      upstream.reset();
      upstream.push({
        kind: "json",
        status,
        body: { error: { message: "stack trace 77" } },
        headers: { "retry-after": "7" },
      });
      for (const caller of CALLER_LIST) {
        for (const stream of [false, true]) {
          // A model of its own each, as a key that was limited rests for the model it was limited for.
          const response = await ask(url, caller, { model: `up/model-${status}`, stream });
          assert.equal(response.headers.get("retry-after"), "7");
          assert.equal(response.headers.get("x-should-retry"), status === 429 ? null : "false");
          await assertRefused(response, caller, kind);
        }
      }
    }
  },
});

Deno.test("E3 a path that dialects share is refused in the dialect that the headers tell of", async () => {
  const gateway = startGateway();
  try {
    const cases: [headers: Record<string, string>, caller: Caller][] = [
      [{}, CALLERS.openai_chat],
      [{ "anthropic-version": "2023-06-01" }, CALLERS.anthropic],
      [{ "x-goog-api-key": KEY }, CALLERS.gemini],
    ];
    for (const [headers, caller] of cases) {
      const shown = await fetch(`${gateway.url}/v1/models/nobody/nothing`, { headers });
      const [, word] = REFUSALS[caller.dialect]["unknown model"];
      assert.equal(shown.status, 404);
      assert.equal(caller.refusal(await shown.json()).word, word);
      const deleted = await fetch(`${gateway.url}/v1/models`, { method: "DELETE", headers });
      assert.equal(deleted.status, 405);
      assert.equal(caller.refusal(await deleted.json()).word, REFUSALS[caller.dialect]["wrong method"][1]);
    }
  } finally {
    await gateway.close();
  }
});

const WAYS: readonly [name: string, headers: Record<string, string>, query: string][] = [
  ["Authorization: Bearer", bearer, ""],
  ["authorization: bearer", { authorization: `bearer  ${KEY}` }, ""],
  ["x-api-key", { "x-api-key": KEY }, ""],
  ["api-key", { "api-key": KEY }, ""],
  ["x-goog-api-key", { "x-goog-api-key": KEY }, ""],
  ["?key=", {}, `key=${KEY}`],
];

withPair({ env: { USER_SET_KEY: `${KEY},another-key`, LOG_LEVEL: "debug" } }).test({
  name: "Q10 H1 H4 every way of sending a key is taken on every route, goes no further, and stands in no log",
  async run({ gateway: { url, lines }, upstream }) {
    upstream.push({ kind: "json", status: 400, body: {} });
    for (const caller of CALLER_LIST) {
      for (const [way, headers, query] of WAYS) {
        const path = caller.path({ model: "up/up-model", stream: false });
        const response = await fetch(`${url}${path}${query && `?${query}`}`, {
          method: "POST",
          headers: { ...headers, "cookie": `session=${KEY}`, "x-claude-code-session-id": "s-1" },
          body: JSON.stringify(caller.body({ model: "up/up-model", stream: false })),
        });
        assert.equal(response.status, 400, `${caller.dialect} by ${way}: ${await response.text()}`);
      }
    }
    for (const path of ["/v1/nothing", "/v1beta/models/nobody/nothing", "/v1beta/models"]) {
      for (const key of [KEY, "a-key-that-is-wrong"]) {
        const response = await fetch(`${url}${path}?key=${key}`);
        assert.ok(!(await response.text()).includes(key));
      }
    }
    assert.equal(upstream.requests.length, CALLER_LIST.length * WAYS.length);
    for (const { headers, query } of upstream.requests) {
      assert.equal(headers.get("authorization"), "Bearer upstream-key-1");
      assert.ok(!JSON.stringify([...headers]).includes(KEY) && query === "");
      assert.ok(!headers.has("cookie") && !headers.has("x-claude-code-session-id"));
    }
    assert.ok(lines.length > 0);
    assert.doesNotMatch(lines.join("\n"), /client-key-1|a-key-that-is-wrong/);
  },
});
