import assert from "node:assert/strict";
import { ADMIN_KEY, adminJson } from "../support/admin.ts";
import type { Script } from "../support/mock_upstream.ts";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { chunk, completion, ROLE } from "../support/openai_frames.ts";
import { failure, MESSAGE, MESSAGE_STREAM, REAL, routed } from "../support/routed.ts";

routed({
  name: "V20 a silent upstream is joined by the next after a while: one answer, one bill, the loser aborted and noted",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push({ kind: "hang" });
    two.push({ kind: "stream", chunks: MESSAGE_STREAM });
    const text = await (await gateway.chat({ model: "both", stream: true }, REAL)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello from two");
    await Promise.all(one.requests.map(({ left }) => left));
    const line = await gateway.logged();
    const attempts = line.attempts as { provider: string; outcome: string }[];
    assert.deepEqual(attempts.map(({ provider, outcome }) => `${provider} ${outcome}`).sort(), [
      "one outrun",
      "two began",
    ]);
    assert.deepEqual([line.provider, line.input_tokens, line.output_tokens], ["two", 3, 4]);
  },
  env: { PROVIDER_ONE_API_KEY: "only-key" },
  alias: { hedge_after: 50 },
});

routed({
  name: "V20 a fake stream is hedged, too, while its client is kept alive",
  async run({ gateway, one, two }) {
    one.push({ kind: "hang" });
    two.push({ kind: "json", body: MESSAGE });
    const fake = { headers: { "x-stream-mode": "fake" } };
    const text = await (await gateway.chat({ model: "both", stream: true }, fake)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello from two");
    assert.match(text, /^: /);
  },
  env: { PROVIDER_ONE_API_KEY: "only-key", FAKE_STREAM_INTERVAL: "20" },
  alias: { hedge_after: 100 },
});

routed({
  name: "V14 a client that leaves while two attempts race aborts both",
  async run({ gateway, one, two }) {
    one.push({ kind: "hang" });
    two.push({ kind: "hang" });
    const leaving = new AbortController();
    const asked = gateway.chat({ model: "both", stream: true }, { ...REAL, signal: leaving.signal });
    while (two.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await assert.rejects(asked);
    await Promise.all([...one.requests, ...two.requests].map(({ left }) => left));
    assert.equal((await gateway.logged()).end, "cancelled");
  },
  env: { PROVIDER_ONE_API_KEY: "only-key" },
  alias: { hedge_after: 30 },
});

const ADMIN_ENV = { ADMIN_KEY };

routed({
  name: "E6 a provider that keeps failing is passed over until a probe succeeds; health and the admin routes show it",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(failure(500));
    two.push({ kind: "json", body: MESSAGE });
    for (let count = 0; count < 3; count++) await (await gateway.chat({ model: "both" })).body?.cancel();
    assert.equal(one.requests.length, 3, "the first request's attempts opened the breaker");
    assert.equal(two.requests.length, 3);
    const { breakers } = await adminJson(gateway, "routing");
    assert.deepEqual(breakers.map(({ upstream, state }: Record<string, string>) => [upstream, state]), [
      ["one/model-1", "open"],
    ]);
    const health = await (await fetch(`${gateway.url}/health`)).json();
    assert.deepEqual(health.routing.breakers, breakers);
    await (await gateway.chat({ model: "one/model-1" })).body?.cancel();
    assert.ok(one.requests.length > 3, "where there is no other it is asked all the same");
    two.reset();
    two.push({ kind: "json", body: { input_tokens: 77 } });
    const body = JSON.stringify({ model: "both", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] });
    const count = await fetch(`${gateway.url}/v1/messages/count_tokens`, { method: "POST", body });
    assert.deepEqual(await count.json(), { input_tokens: 77 }, "counted where it will be answered");
  },
  env: ADMIN_ENV,
});

routed({
  name: "benched keys are shown by their fingerprints, and never themselves",
  async run({ gateway, one }) {
    one.push(failure(401));
    await (await gateway.chat({ model: "one/model-1" })).body?.cancel();
    const state = await adminJson(gateway, "routing");
    assert.equal(state.benched.length, 2);
    for (const bench of state.benched) {
      assert.deepEqual([bench.provider, bench.model, bench.reason], ["one", "model-1", "refused"]);
      assert.match(bench.key, /^[0-9a-f]{8}$/);
    }
    const shown = JSON.stringify([state, await (await fetch(`${gateway.url}/health`)).json(), gateway.lines]);
    assert.ok(!shown.includes("first-key") && !shown.includes("second-key"));
    const closed = await fetch(`${gateway.url}/admin/routing`);
    assert.equal(closed.status, 401);
    await closed.body?.cancel();
  },
  env: ADMIN_ENV,
});

routed({
  name: "an auto upstream whose real streams keep coming back empty is asked without streaming from then on",
  async run(bed) {
    const { gateway, one } = bed;
    const empty: Script = { kind: "stream", chunks: [ROLE, "data: [DONE]\n\n"] };
    const whole: Script = { kind: "json", body: completion({ content: "Hello" }) };
    one.push(empty, whole, empty, whole, whole);
    for (let count = 0; count < 3; count++) {
      const text = await (await gateway.chat({ model: "one/model-1", stream: true })).text();
      assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello");
    }
    assert.deepEqual(one.requests.map(({ json }) => json.stream === true), [true, false, true, false, false]);
    const { faked } = await adminJson(gateway, "routing");
    assert.deepEqual(faked.map(({ upstream }: { upstream: string }) => upstream), ["one/model-1"]);
  },
  env: ADMIN_ENV,
});

routed({
  name: "x-anystream-route tells the upstream, the attempts and the mode to whoever asks, and of failures, too",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push(failure(404));
    two.push({ kind: "json", body: MESSAGE }, failure(400));
    const debug = { headers: { "x-anystream-debug": "1" } };
    const routes: (string | null)[] = [];
    for (const init of [debug, debug, {}]) {
      const response = await gateway.chat({ model: "both" }, init);
      routes.push(response.headers.get("x-anystream-route"));
      await response.body?.cancel();
    }
    assert.deepEqual(routes, ["two/model-2; attempts=2; mode=auto", "two/model-2; attempts=2; mode=auto", null]);
  },
});

routed({
  name: "x-anystream-route chooses the provider for whoever has the admin key, and goes no further",
  async run(bed) {
    const { gateway, one, two } = bed;
    one.push({ kind: "json", body: completion({ content: "Hello" }) });
    two.push({ kind: "json", body: MESSAGE });
    const ask = async (route: string, key?: string) => {
      const headers = { "x-anystream-route": route, ...key !== undefined && { "x-anystream-admin-key": key } };
      const response = await gateway.chat({ model: "both" }, { headers });
      const body = await response.json();
      return body.error?.code ?? body.error?.type ?? body.choices[0].message.content;
    };
    assert.equal(await ask("two", ADMIN_KEY), "Hello from two");
    assert.equal(await ask("two/other", ADMIN_KEY), "Hello from two");
    assert.deepEqual(two.requests.map(({ json }) => json.model), ["model-2", "other"]);
    for (const { headers } of two.requests) {
      assert.deepEqual([...headers.keys()].filter((name) => /anystream/.test(name)), []);
    }
    assert.equal(await ask("nobody", ADMIN_KEY), "model_not_found");
    for (const key of [undefined, "wrong"]) assert.match(await ask("two", key), /permission|forbidden/);
    assert.deepEqual(one.requests.filter(({ method }) => method === "POST"), [], "it was asked for its models only");
  },
  env: ADMIN_ENV,
});

routed({
  name: "Q12 names of background models are answered by what a glob of theirs says, and shown as they were asked for",
  async run(bed) {
    const { gateway, two } = bed;
    two.push({ kind: "json", body: MESSAGE });
    const ask = (model: string) =>
      fetch(`${gateway.url}/v1/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
        body: JSON.stringify({ model, max_tokens: 9, messages: [{ role: "user", content: "Hi" }] }),
      });
    const known = await (await ask("claude-3-5-haiku-20241022")).json();
    assert.equal(known.model, "claude-3-5-haiku-20241022", "A12: also where the answer is relayed");
    assert.equal(two.requests[0]?.json.model, "small");
    const unknown = await ask("claude-opus-9");
    assert.equal(unknown.status, 404);
    assert.equal((await unknown.json()).error.type, "not_found_error");
  },
  models: { "claude-*haiku-*": { candidates: ["two/small"] } },
});

routed({
  name: "E6 a stream that breaks after it began counts against its provider as well",
  async run({ gateway, one, two }) {
    const error = 'data: {"error":{"message":"no","type":"server_error","code":503}}\n\n';
    one.push({ kind: "stream", chunks: [ROLE, chunk({ content: "Hel" }), error] });
    two.push({ kind: "stream", chunks: MESSAGE_STREAM });
    const said: (string | undefined)[] = [];
    for (let count = 0; count < 4; count++) {
      const text = await (await gateway.chat({ model: "both", stream: true }, REAL)).text();
      said.push(checkOpenaiChatStream(text, { includeUsage: false }).text);
    }
    assert.deepEqual(said, ["Hel", "Hel", "Hel", "Hello from two"]);
  },
});
