import assert from "node:assert/strict";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { chunk, completion, DONE, ROLE, STOP, textStream } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";

const STREAMED = { model: "up/up-model", stream: true };
const real = { headers: { "x-stream-mode": "real" } };

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "E1 a failure before the first content is a real HTTP status with JSON, streamed or not",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 500, body: { error: { message: "stack trace 77" } } });
    for (const body of [STREAMED, { model: "up/up-model" }]) {
      const response = await gateway.chat(body);
      assert.equal(response.status, 502);
      assert.match(response.headers.get("content-type") ?? "", /application\/json/);
      const text = await response.text();
      assert.ok(!text.includes("stack trace"));
      assert.equal(JSON.parse(text).error.type, "server_error");
    }
  },
});

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "E2 an error as the first event of a 200 is a real HTTP status, comments and role chunks before it or not",
  async run({ gateway, upstream }) {
    const error = 'data: {"error":{"message":"no","type":"server_error","code":503}}\n\n';
    for (const chunks of [[error], [": PROCESSING\n\n", ROLE, error]]) {
      upstream.reset();
      upstream.push({ kind: "stream", chunks });
      const response = await gateway.chat(STREAMED, real);
      assert.ok(response.status >= 500, String(response.status));
      assert.ok((await response.json()).error.message);
    }
  },
});

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "E4 E16 what the upstream's statuses mean to a client; our refused key is a 502, never a 401",
  async run({ gateway, upstream }) {
    const cases: [number, unknown, number, string | null][] = [
      [400, { error: { message: "bad", param: "top_p", code: "invalid_value" } }, 400, "invalid_value"],
      [
        400,
        { error: { message: "maximum context length is 8 tokens", code: "context_length_exceeded" } },
        400,
        "context_length_exceeded",
      ],
      [401, { error: { message: "Incorrect API key provided: upstream-key-1" } }, 502, "upstream_auth"],
      [403, "Forbidden", 502, "upstream_auth"],
      [404, { error: { message: "no such model" } }, 404, "model_not_found"],
      [429, { error: { message: "slow down" } }, 429, "rate_limit_exceeded"],
      [500, "oops", 502, "upstream_failure"],
      [503, "busy", 503, "overloaded"],
      [504, "late", 504, null],
      [529, { error: { type: "overloaded_error" } }, 503, "overloaded"],
    ];
    for (const [status, body, expected, code] of cases) {
      upstream.reset();
      upstream.push({ kind: "json", status, body });
      // A model of its own each, as a key that was refused rests for the model it was refused for.
      const response = await gateway.chat({ model: `up/model-${status}` });
      const { error } = await response.json();
      assert.equal(response.status, expected, `${status} became ${response.status}`);
      if (code !== null) assert.equal(error.code, code);
      assert.ok(!JSON.stringify(error).includes("upstream-key-1"));
    }
  },
});

withPair().test({
  name: "E4 a 400 names the parameter at fault in our own words",
  async run({ gateway, upstream }) {
    upstream.push({
      kind: "json",
      status: 400,
      body: { error: { message: "xyzzy", param: "top_p", code: "invalid_value" } },
    });
    const { error } = await (await gateway.chat({ model: "up/up-model" })).json();
    assert.equal(error.param, "top_p");
    assert.match(error.message, /top_p/);
    assert.ok(!error.message.includes("xyzzy"));
  },
});

withPair().test({
  name: "E12 an upstream's Retry-After is relayed when retries cannot wait for it",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 429, body: {}, headers: { "retry-after": "120" } });
    const response = await gateway.chat({ model: "up/up-model" });
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "120");
    await response.body?.cancel();
    assert.equal(upstream.requests.length, 1);
  },
});

withPair().test({
  name: "E7 a 529 is asked again like a 429",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 529, body: {} }, { kind: "json", body: completion({ content: "Hello" }) });
    const answer = await (await gateway.chat({ model: "up/up-model" })).json();
    assert.equal(answer.choices[0].message.content, "Hello");
    assert.equal(upstream.requests.length, 2);
  },
});

withPair().test({
  name: "E8 E10 a stream that fails after its preamble is asked again, and the client sees one preamble",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE], then: "cut" }, { kind: "stream", chunks: textStream("Hello") });
    const text = await (await gateway.chat(STREAMED, real)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello");
    assert.equal(text.split('"role"').length, 2);
  },
});

withPair().test({
  name: "E5 E9 U8 a stream cut after content is an in-band error without stop or [DONE], never a second start",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "partial" })], then: "cut" });
    const response = await gateway.chat(STREAMED, real);
    assert.equal(response.status, 200);
    const text = await response.text();
    const seen = checkOpenaiChatStream(text, { includeUsage: false });
    assert.equal(seen.text, "partial");
    assert.equal(seen.error?.code, "upstream_cut");
    assert.equal(seen.finish, undefined);
    assert.equal(upstream.requests.length, 1);
    const line = await gateway.logged();
    assert.deepEqual([line.status, line.end, line.error, line.error_status], [200, "failed", "upstream-cut", 502]);
    assert.ok(Number(line.output_tokens) > 0);
  },
});

withPair().test({
  name: "T12 E18 a stream that dies inside a call's arguments gives an error, and no finish that would run the call",
  async run({ gateway, upstream }) {
    const call = { index: 0, id: "call_1", type: "function", function: { name: "pay", arguments: '{"amo' } };
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ tool_calls: [call] })], then: "cut" });
    const seen = checkOpenaiChatStream(await (await gateway.chat(STREAMED, real)).text(), { includeUsage: false });
    assert.equal(seen.finish, undefined);
    assert.ok(seen.error);
    assert.equal(upstream.requests.length, 1, "a call that was delivered is not asked for again");
  },
});

withPair({
  env: {
    MAX_RETRIES: "1",
    HEADERS_TIMEOUT: "300",
    FIRST_CONTENT_TIMEOUT: "350",
    IDLE_TIMEOUT: "400",
    TOTAL_TIMEOUT: "1000",
  },
}).test({
  name: "E13 the clocks are named in their errors: headers, first content, idle, total",
  async run({ gateway, upstream }) {
    const code = async () => {
      const response = await gateway.chat(STREAMED, real);
      const text = await response.text();
      const { error } = response.status === 200
        ? checkOpenaiChatStream(text, { includeUsage: false })
        : JSON.parse(text);
      return [response.status, error.code];
    };
    upstream.push({ kind: "hang" });
    assert.deepEqual(await code(), [504, "headers_timeout"]);
    upstream.reset();
    upstream.push({ kind: "stream", chunks: [ROLE], then: "hang" });
    assert.deepEqual(await code(), [504, "first_content_timeout"]);
    upstream.reset();
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" })], then: "hang" });
    assert.deepEqual(await code(), [200, "idle_timeout"]);
    upstream.reset();
    upstream.push({ kind: "stream", chunks: [ROLE, ...Array(100).fill(chunk({ content: "a" }))], delay: 20 });
    assert.deepEqual(await code(), [200, "total_timeout"]);
  },
});

withPair({ env: { FAKE_STREAM_INTERVAL: "20" } }).test({
  name: "E14 when all retries are spent the committed stream ends with its error at once",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 503, body: {}, delay: 30 });
    const startedAt = performance.now();
    const response = await gateway.chat(STREAMED, { headers: { "x-stream-mode": "fake" } });
    const seen = checkOpenaiChatStream(await response.text(), { includeUsage: false });
    assert.equal(seen.error?.code, "overloaded");
    assert.equal(upstream.requests.length, 3);
    const last = upstream.requests.at(-1)?.at ?? 0;
    assert.ok(performance.now() - last < 1000 && last > startedAt);
    assert.equal((await gateway.logged()).error_status, 503);
  },
});

withPair().test({
  name: "E6 an error event inside the stream is not swallowed",
  async run({ gateway, upstream }) {
    const error = 'event: error\ndata: {"error":{"type":"overloaded_error","message":"busy"}}\n\n';
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" }), error, STOP, DONE] });
    const seen = checkOpenaiChatStream(await (await gateway.chat(STREAMED, real)).text(), { includeUsage: false });
    assert.ok(seen.error);
    assert.equal(seen.finish, undefined);
  },
});

withPair({
  env: {
    PROVIDER_DOWN_TYPE: "openai",
    PROVIDER_DOWN_ENDPOINT: "http://127.0.0.1:9/v1",
    PROVIDER_DOWN_API_KEY: "k123",
  },
}).test({
  name: "a provider that is down is a 502, and never stops the gateway",
  async run({ gateway }) {
    const response = await gateway.chat({ model: "down/some-model" });
    assert.equal(response.status, 502);
    assert.equal((await response.json()).error.code, "upstream_unreachable");
    const { data } = await (await fetch(`${gateway.url}/v1/models`)).json();
    assert.ok(data.length > 0);
  },
});

withPair().test({
  name: "Q11 a client that asks again without streaming after a failed stream is answered, and both are in the log",
  async run({ gateway, upstream }) {
    upstream.push(
      { kind: "stream", chunks: [ROLE, chunk({ content: "partial" })], then: "cut" },
      { kind: "json", body: completion({ content: "whole" }) },
    );
    const body = { model: "up/up-model", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] };
    const ask = (stream: boolean) =>
      fetch(`${gateway.url}/v1/messages`, { method: "POST", body: JSON.stringify({ ...body, stream }) });
    assert.match(await (await ask(true)).text(), /event: error/);
    assert.equal((await (await ask(false)).json()).content[0].text, "whole");
    const failed = await gateway.logged((line) => line.stream === true);
    const answered = await gateway.logged((line) => line.stream === false);
    assert.deepEqual([failed.end, answered.end], ["failed", "done"]);
  },
});
