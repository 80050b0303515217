/** Tests of embeddings in the words of Ollama's and Gemini's clients, by their official SDKs. */

import { GoogleGenAI } from "@google/genai";
import assert from "node:assert/strict";
import { Ollama } from "ollama";
import type { TestGateway } from "../support/gateway.ts";
import { withPair } from "../support/pair.ts";

const openai = withPair();
const gemini = withPair({ env: { PROVIDER_UP_TYPE: "gemini" } });

const model = "up/up-model";
const ollamaOf = ({ url }: TestGateway) => new Ollama({ host: url, headers: { authorization: "Bearer client-key-1" } });
const geminiOf = ({ url }: TestGateway) =>
  new GoogleGenAI({ apiKey: "client-key-1", httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } } });

/** What an OpenAI-compatible upstream answers. */
function list(...embeddings: number[][]) {
  const data = embeddings.map((embedding, index) => ({ object: "embedding", index, embedding }));
  return { object: "list", data, model: "up-model-001", usage: { prompt_tokens: 5, total_tokens: 5 } };
}

openai.test({
  name: "Ollama's client embeds one text, several, and by the older route, with an upstream of another dialect",
  async run({ gateway, upstream }) {
    for (const body of [list([1, 2]), list([1], [2]), list([3])]) upstream.push({ kind: "json", body });
    const ollama = ollamaOf(gateway);
    assert.deepEqual(await ollama.embed({ model, input: "Hi", truncate: true, dimensions: 2 }), {
      model,
      embeddings: [[1, 2]],
      prompt_eval_count: 5,
    });
    assert.deepEqual((await ollama.embed({ model, input: ["a", "b"] })).embeddings, [[1], [2]]);
    assert.deepEqual(await ollama.embeddings({ model, prompt: "Hi" }), { embedding: [3] });
    assert.deepEqual(upstream.requests.map(({ path, json }) => [path, json]), [
      ["/v1/embeddings", { model: "up-model", input: "Hi", dimensions: 2 }],
      ["/v1/embeddings", { model: "up-model", input: ["a", "b"] }],
      ["/v1/embeddings", { model: "up-model", input: "Hi" }],
    ]);
    const line = await gateway.logged();
    assert.deepEqual([line.input_tokens, line.status], [5, 200]);
  },
});

openai.test({
  name: "Gemini's client embeds with an upstream of another dialect, and what only Gemini knows is left out",
  async run({ gateway, upstream }) {
    for (const body of [list([1], [2]), list([3])]) upstream.push({ kind: "json", body });
    const config = { taskType: "RETRIEVAL_QUERY", outputDimensionality: 1 };
    const { embeddings } = await geminiOf(gateway).models.embedContent({ model, contents: ["a", "b"], config });
    assert.deepEqual(embeddings?.map(({ values }) => values), [[1], [2]]);
    const single = await fetch(`${gateway.url}/v1beta/models/${model}:embedContent`, {
      method: "POST",
      headers: { "x-goog-api-key": "client-key-1" },
      body: JSON.stringify({ content: { parts: [{ text: "one" }, { text: "two" }] } }),
    });
    assert.deepEqual(await single.json(), { embedding: { values: [3] }, usageMetadata: { promptTokenCount: 5 } });
    assert.deepEqual(upstream.requests.map(({ json }) => json), [
      { model: "up-model", input: ["a", "b"], dimensions: 1 },
      { model: "up-model", input: ["one\ntwo"] },
    ]);
  },
});

gemini.test({
  name: "what a text is embedded for reaches an upstream of Gemini's",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { embeddings: [{ values: [0, 1] }] } });
    const config = { taskType: "RETRIEVAL_DOCUMENT", title: "T" };
    const { embeddings } = await geminiOf(gateway).models.embedContent({ model, contents: "a", config });
    assert.deepEqual(embeddings?.[0]?.values, [0, 1]);
    const requests = [{ model: "models/up-model", content: { parts: [{ text: "a" }] }, ...config }];
    assert.deepEqual(upstream.requests[0]?.json, { requests });
  },
});

openai.test({
  name: "what cannot be embedded is told in the client's dialect, by its own field",
  async run({ gateway }) {
    await assert.rejects(ollamaOf(gateway).embed({ model, input: [] }), { status_code: 400, error: /input/ });
    await assert.rejects(ollamaOf(gateway).embed({ model: "nope/none", input: "Hi" }), { status_code: 404 });
    const ask = async (body: unknown) => {
      const url = `${gateway.url}/v1beta/models/${model}:batchEmbedContents`;
      const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
      return (await response.json()).error;
    };
    const part = (more = {}) => ({ content: { parts: [{ text: "a" }] }, ...more });
    const unread = await ask({ requests: [{ content: { parts: [{ inlineData: {} }] } }] });
    assert.deepEqual([unread.code, unread.status], [400, "INVALID_ARGUMENT"]);
    assert.match(unread.message, /requests\[0\]\.content\.parts\[0\]\.text/);
    const mixed = await ask({ requests: [part({ outputDimensionality: 1 }), part()] });
    assert.match(mixed.message, /want different dimensions/);
  },
});

withPair().test({
  name: "both spellings of Google's fields are read where something is embedded, and one part for a list of them",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { object: "list", data: [{ index: 0, embedding: [1] }], model: "up-model" } });
    const response = await fetch(`${gateway.url}/v1beta/models/${model}:embedContent`, {
      method: "POST",
      body: JSON.stringify({
        content: { parts: { text: "a" } },
        output_dimensionality: 1,
        task_type: "RETRIEVAL_QUERY",
      }),
    });
    assert.equal(response.status, 200, await response.text());
    const { input, dimensions } = upstream.requests[0]?.json ?? {};
    assert.deepEqual([input, dimensions], [["a"], 1]);
  },
});
