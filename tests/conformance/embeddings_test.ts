import assert from "node:assert/strict";
import OpenAI from "openai";
import type { TestGateway } from "../support/gateway.ts";
import { withPair } from "../support/pair.ts";

const openai = withPair();
const once = withPair({ env: { MAX_RETRIES: "1" } });
const gemini = withPair({ env: { PROVIDER_UP_TYPE: "gemini" } });
const ollama = withPair({ env: { PROVIDER_UP_TYPE: "ollama" } });
const anthropic = withPair({ env: { PROVIDER_UP_TYPE: "anthropic" } });

/** The official client; without retries of its own. */
function clientOf({ url }: TestGateway): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: "client-key-1", maxRetries: 0 });
}

/** 1, -2 and 0.5 as 32-bit floats, the first byte the lowest. */
const VECTOR = [1, -2, 0.5];
const BASE64 = "AACAPwAAAMAAAAA/";
const USAGE = { prompt_tokens: 5, total_tokens: 5 };

/** What an OpenAI-compatible upstream answers. */
function list(embedding: unknown, more: Record<string, unknown> = { usage: USAGE }) {
  return { object: "list", data: [{ object: "embedding", index: 0, embedding }], model: "up-model-001", ...more };
}

openai.test({
  name: "the official client gets its numbers, by the base64 it asks for by default and by floats",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: list(BASE64) }, { kind: "json", body: list(VECTOR) });
    const { embeddings } = clientOf(gateway);
    const standard = await embeddings.create({ model: "up/up-model", input: "Hi" });
    assert.deepEqual(standard.data[0]?.embedding, VECTOR);
    assert.deepEqual(standard.usage, USAGE);
    const floats = await embeddings.create({ model: "up/up-model", input: "Hi", encoding_format: "float" });
    assert.deepEqual(floats.data[0]?.embedding, VECTOR);
    assert.deepEqual(upstream.requests.map(({ json }) => json.encoding_format), ["base64", "float"]);
  },
});

openai.test({
  name: "a compatible upstream is sent the client's own words, only the model changed, and its answer comes back whole",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: list(VECTOR, { usage: { ...USAGE, cost: 0.1 }, id: "emb-1" }) });
    const asked = { input: [[1, 2], [3]], model: "up/up-model", dimensions: 3, user: "u", input_type: "query" };
    const response = await fetch(`${gateway.url}/v1/embeddings`, { method: "POST", body: JSON.stringify(asked) });
    assert.equal(upstream.requests[0]?.path, "/v1/embeddings");
    assert.equal(upstream.requests[0]?.text, JSON.stringify({ ...asked, model: "up-model" }));
    assert.equal(upstream.requests[0]?.headers.get("authorization"), "Bearer upstream-key-1");
    assert.deepEqual(await response.json(), list(VECTOR, { usage: { ...USAGE, cost: 0.1 }, id: "emb-1" }));
  },
});

openai.test({
  name: "an upstream that gives numbers to whom asked for base64, and tells no usage, is made good",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: list(VECTOR, {}) });
    const asked = { model: "up/up-model", input: ["one two three", "four"], encoding_format: "base64" as const };
    const answer = await clientOf(gateway).embeddings.create(asked);
    assert.equal(answer.data[0]?.embedding as unknown, BASE64);
    assert.deepEqual(answer.usage, { prompt_tokens: 4, total_tokens: 4 });
    const line = await gateway.logged();
    assert.deepEqual([line.input_tokens, line.tokens_estimated], [4, true]);
  },
});

openai.test({
  name: "tokens that nobody counted are counted, and one count of two is as good as both",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: list(VECTOR, {}) }, {
      kind: "json",
      body: list(VECTOR, { usage: { total_tokens: 9 } }),
    });
    const asked = { model: "up/up-model", input: [[1, 2], [3]] };
    assert.equal((await clientOf(gateway).embeddings.create(asked)).usage.prompt_tokens, 3);
    assert.deepEqual((await clientOf(gateway).embeddings.create(asked)).usage, { prompt_tokens: 9, total_tokens: 9 });
  },
});

gemini.test({
  name: "the official client embeds by Gemini, 250 texts in three batches",
  async run({ gateway, upstream }) {
    const values = (count: number) => Array.from({ length: count }, () => ({ values: VECTOR }));
    upstream.push(...[100, 100, 50].map((count) => ({ kind: "json" as const, body: { embeddings: values(count) } })));
    const input = Array.from({ length: 250 }, (_, at) => `text ${at}`);
    const { data, model } = await clientOf(gateway).embeddings.create({ model: "up/up-model", input });
    assert.deepEqual(data.map(({ index }) => index), input.map((_, at) => at));
    assert.ok(data.every(({ embedding }) => embedding.length === 3 && embedding[1] === -2));
    assert.equal(model, "up-model");
    assert.deepEqual(
      upstream.requests.map(({ path }) => path),
      Array(3).fill("/v1/models/up-model:batchEmbedContents"),
    );
    assert.equal((upstream.requests[2]?.json.requests as unknown[]).length, 50);
  },
});

ollama.test({
  name: "the official client embeds by Ollama",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { model: "up-model", embeddings: [VECTOR, VECTOR], prompt_eval_count: 6 } });
    const asked = { model: "up/up-model", input: ["a", "b"], dimensions: 3 };
    const { data, usage } = await clientOf(gateway).embeddings.create(asked);
    assert.deepEqual(data.map(({ embedding }) => embedding), [VECTOR, VECTOR]);
    assert.deepEqual(usage, { prompt_tokens: 6, total_tokens: 6 });
    assert.equal(upstream.requests[0]?.path, "/v1/embed");
    assert.deepEqual(upstream.requests[0]?.json, { model: "up-model", input: ["a", "b"], dimensions: 3 });
  },
});

anthropic.test({
  name: "a model whose provider embeds nothing is a 400 that names it, and nobody is asked",
  async run({ gateway, upstream }) {
    const failed = await clientOf(gateway).embeddings.create({ model: "up/up-model", input: "Hi" }).catch((error) =>
      error
    );
    assert.ok(failed instanceof OpenAI.BadRequestError);
    assert.equal(failed.param, "model");
    assert.match(failed.message, /"up\/up-model"/);
    assert.equal(upstream.requests.length, 0);
  },
});

openai.test({
  name: "an unknown model is a 404, a wrong body a 400, another method a 405",
  async run({ gateway }) {
    const { embeddings } = clientOf(gateway);
    await assert.rejects(embeddings.create({ model: "nobody-has-it", input: "Hi" }), OpenAI.NotFoundError);
    await assert.rejects(embeddings.create({ model: "up/up-model", input: [] }), OpenAI.BadRequestError);
    const got = await fetch(`${gateway.url}/v1/embeddings`);
    assert.equal(got.status, 405);
    await got.body?.cancel();
  },
});

openai.test({
  name: "a failure that may pass is tried again, and the request has one line that tells both attempts",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 503, body: {} }, { kind: "json", body: list(BASE64) });
    const { data } = await clientOf(gateway).embeddings.create({ model: "up/up-model", input: "Hi" });
    assert.deepEqual(data[0]?.embedding, VECTOR);
    assert.equal(gateway.logs.length, 1);
    const line = await gateway.logged();
    const attempts = line.attempts as { outcome: string; provider: string; model: string }[];
    assert.deepEqual(attempts.map(({ outcome }) => outcome), ["overloaded", "answered"]);
    const { provider, model, upstream_model, status, end, input_tokens, output_tokens, stream } = line;
    assert.deepEqual(
      { provider, model, upstream_model, status, end, input_tokens, output_tokens, stream },
      {
        provider: "up",
        model: "up/up-model",
        upstream_model: "up-model",
        status: 200,
        end: "done",
        input_tokens: 5,
        output_tokens: 0,
        stream: false,
      },
    );
  },
});

once.test({
  name: "E4 E16 an upstream's refusals and what is no answer are told in our words, and logged with its own",
  async run({ gateway, upstream }) {
    const cases: [status: number, body: unknown, told: number][] = [
      [400, { error: { message: "too long", code: "context_length_exceeded" } }, 400],
      [401, { error: { message: "secret words" } }, 502],
      [404, { error: { message: "secret words" } }, 404],
      [429, { error: { message: "secret words" } }, 429],
      [500, "secret words", 502],
      [200, "<html>secret words", 502],
      [200, { error: { message: "secret words" } }, 502],
    ];
    for (const [at, [status, body, told]] of cases.entries()) {
      upstream.reset();
      upstream.push({ kind: "json", status, body });
      // A model of its own each, as a key that was refused rests for the model it was refused for.
      const asked = clientOf(gateway).embeddings.create({ model: `up/model-${at}`, input: "Hi" });
      const failed = await asked.catch((error) => error);
      assert.ok(failed instanceof OpenAI.APIError);
      assert.equal(failed.status, told, `${status} ${JSON.stringify(body)}`);
      assert.ok(!failed.message.includes("secret"));
      assert.equal(upstream.requests.length, 1);
      assert.equal(gateway.logs.length, at + 1);
      assert.ok(gateway.logs[at]?.detail);
    }
  },
});

openai.test({
  name: "V14 a client that leaves ends the call to the upstream, and the line says so",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "hang" });
    const abort = new AbortController();
    const asked = clientOf(gateway).embeddings.create({ model: "up/up-model", input: "Hi" }, { signal: abort.signal });
    while (upstream.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    await assert.rejects(asked, OpenAI.APIUserAbortError);
    await upstream.requests[0]?.left;
    const { status, end } = await gateway.logged();
    assert.deepEqual({ status, end }, { status: 499, end: "cancelled" });
  },
});

openai.test({
  name: "the demo embeds offline: the same text to the same vector of length 1, at the dimensions asked for",
  async run({ gateway }) {
    const { embeddings, models } = clientOf(gateway);
    const asked = { model: "demo/embed", input: ["Hi", "Ho", "Hi"] };
    const [first, second, third] = (await embeddings.create(asked)).data.map(({ embedding }) => embedding);
    assert.deepEqual(first, third);
    assert.notDeepEqual(first, second);
    assert.equal(first?.length, 32);
    assert.ok(Math.abs(Math.hypot(...first) - 1) < 1e-6);
    assert.equal((await embeddings.create({ ...asked, dimensions: 4 })).data[0]?.embedding.length, 4);
    assert.equal((await models.retrieve("demo/embed")).id, "demo/embed");
  },
});
