import assert from "node:assert/strict";
import { completion, ROLE } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";

const SECRETS = ["client-key-9f31", "upstream-key-1", "cookie-4c2d"];

withPair({ env: { USER_SET_KEY: "client-key-9f31" } }).test({
  name: "H1 the caller's credentials, cookies and other headers never reach the upstream, which gets one credential",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    const headers = {
      "authorization": "Bearer client-key-9f31",
      "x-api-key": "client-key-9f31",
      "cookie": "session=cookie-4c2d",
      "accept-encoding": "br",
      "te": "trailers",
      "x-forwarded-for": "10.0.0.1",
      "x-custom": "mine",
    };
    await (await gateway.chat({ model: "up/up-model" }, { headers })).text();
    const sent = upstream.requests[0]?.headers ?? new Headers();
    assert.equal(sent.get("authorization"), "Bearer upstream-key-1");
    for (const name of ["x-api-key", "cookie", "te", "x-forwarded-for", "x-custom"]) {
      assert.equal(sent.get(name), null, name);
    }
    assert.notEqual(sent.get("accept-encoding"), "br");
    assert.ok(!JSON.stringify([...sent]).includes("client-key-9f31"));
  },
});

withPair({ env: { USER_SET_KEY: "client-key-9f31", MAX_RETRIES: "1" } }).test({
  name: "H4 no secret appears in any log, error body or URL, even where the upstream repeats it",
  async run({ gateway, upstream }) {
    const leak =
      "Incorrect API key provided: upstream-key-1 (Authorization: Bearer upstream-key-1, ?key=upstream-key-1)";
    const headers = { "authorization": "Bearer client-key-9f31", "cookie": "session=cookie-4c2d" };
    const bodies: string[] = [];
    for (const status of [400, 401, 429, 500]) {
      upstream.reset();
      upstream.push({ kind: "json", status, body: { error: { message: leak, code: "x", param: "y" } } });
      for (const stream of [true, false]) {
        bodies.push(await (await gateway.chat({ model: "up/up-model", stream }, { headers })).text());
      }
    }
    upstream.reset();
    upstream.push({ kind: "stream", chunks: [ROLE, `data: {"error":{"message":"${leak}"}}\n\n`] });
    bodies.push(await (await gateway.chat({ model: "up/up-model", stream: true }, { headers })).text());
    bodies.push(
      await (await gateway.chat({ model: "up/up-model" }, { headers: { authorization: "Bearer client-key-9f3" } }))
        .text(),
    );
    const written = [...bodies, ...gateway.lines, ...upstream.requests.map(({ path, query }) => path + query)].join(
      "\n",
    );
    for (const secret of SECRETS) assert.ok(!written.includes(secret), secret);
    assert.match(written, /Incorrect API key provided: \[redacted\]/, "the upstream's text is in the log, redacted");
  },
});

withPair().test({
  name: "H3 a rate limit of the upstream's reaches the client as a 429 with its retry-after",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 429, body: {}, headers: { "retry-after": "30" } });
    const response = await gateway.chat({ model: "up/up-model" });
    assert.deepEqual([response.status, response.headers.get("retry-after")], [429, "30"]);
    await response.body?.cancel();
  },
});

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "H5 a redirect of the upstream's is not followed with our key",
  async run({ gateway, upstream }) {
    const make = () => new Response(null, { status: 307, headers: { location: "http://127.0.0.1:9/stolen" } });
    upstream.push({ kind: "response", make });
    const response = await gateway.chat({ model: "up/up-model" });
    assert.equal(response.status, 502);
    await response.body?.cancel();
  },
});

withPair({
  env: {
    PROVIDER_META_TYPE: "openai",
    PROVIDER_META_ENDPOINT: "http://169.254.169.254/v1",
    PROVIDER_META_API_KEY: "k123",
  },
}).test({
  name: "H5 a provider at a metadata address is refused before anything is sent",
  async run({ gateway }) {
    const response = await gateway.chat({ model: "meta/m" });
    assert.equal(response.status, 403);
    await response.body?.cancel();
  },
});

withPair().test({
  name: "H7 a body of another dialect is told so",
  async run({ gateway }) {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "up/up-model", contents: [{ role: "user", parts: [{ text: "Hi" }] }] }),
    });
    assert.equal(response.status, 400);
    const { error } = await response.json();
    assert.equal(error.param, "messages");
  },
});

withPair({ env: { USER_SET_KEY: "client-key-9f31" } }).test({
  name: "the request's one log line tells who, what, where, how long and how many, and never a key",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    await (await gateway.chat({ model: "up/up-model" }, { headers: { authorization: "Bearer client-key-9f31" } }))
      .text();
    const line = await gateway.logged();
    assert.deepEqual(
      { key: line.key, dialect: line.dialect, model: line.model, provider: line.provider, mode: line.mode },
      { key: "key-1", dialect: "openai_chat", model: "up/up-model", provider: "up", mode: "auto" },
    );
    assert.deepEqual([line.status, line.end, line.finish], [200, "done", "stop"]);
    assert.deepEqual([line.input_tokens, line.output_tokens], [7, 2]);
    assert.ok(typeof line.duration_ms === "number" && typeof line.ttft_ms === "number");
  },
});

withPair().test({
  name: "Q13 the session id of a client's is not forwarded to an upstream",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    const headers = { "x-claude-code-session-id": "session-77aa", "session_id": "session-77aa" };
    await (await gateway.chat({ model: "up/up-model" }, { headers })).text();
    const sent = upstream.requests[0];
    assert.ok(sent);
    assert.ok(!JSON.stringify([...sent.headers, sent.text]).includes("session-77aa"));
  },
});
