import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { ApiError, GoogleGenAI } from "@google/genai";
import type { TestGateway } from "../support/gateway.ts";
import type { Script } from "../support/mock_upstream.ts";
import { completion } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";

const openai = withPair();
const anthropic = withPair({ env: { PROVIDER_UP_TYPE: "anthropic" } });
const gemini = withPair({ env: { PROVIDER_UP_TYPE: "gemini" } });

function anthropicClient({ url }: TestGateway): Anthropic {
  return new Anthropic({ baseURL: url, apiKey: "client-key-1", maxRetries: 0 });
}

function geminiClient({ url }: TestGateway, apiVersion?: string): GoogleGenAI {
  return new GoogleGenAI({ apiKey: "client-key-1", httpOptions: { baseUrl: url, ...(apiVersion && { apiVersion }) } });
}

const PATH = "/v1/messages/count_tokens";

function post({ url }: TestGateway, path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(url + path, { method: "POST", body: JSON.stringify(body), headers });
}

const messages = [{ role: "user" as const, content: "Hi" }];

/** A request as Claude Code counts it. */
const COUNTED = {
  model: "up/up-model",
  system: [{ type: "text", text: "You are Claude Code.", cache_control: { type: "ephemeral" } }],
  messages,
  tools: [{ name: "Bash", description: "Runs a command", input_schema: { type: "object", properties: {} } }],
  tool_choice: { type: "auto" },
  thinking: { type: "enabled", budget_tokens: 2048 },
  context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
};

/** The same with what only an answer needs, and the count route refuses. */
const ASKED = { ...COUNTED, max_tokens: 32_000, stream: true, temperature: 1, metadata: { user_id: "u" } };

anthropic.test({
  name: "Q1 the official Anthropic client is told the upstream's count, by the stable API and by the beta",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { input_tokens: 2095 } });
    const client = anthropicClient(gateway);
    const params = { model: "up/up-model", messages };
    assert.equal((await client.messages.countTokens(params)).input_tokens, 2095);
    const { data, response } = await client.beta.messages.countTokens({ ...params, system: "Be brief" }).withResponse();
    assert.equal(data.input_tokens, 2095);
    assert.equal(response.headers.get("x-anystream-estimated"), null);
    assert.deepEqual(upstream.requests.map(({ path }) => path), [PATH, PATH]);
    assert.equal(upstream.requests[0]?.headers.get("x-api-key"), "upstream-key-1");
  },
});

anthropic.test({
  name: "Q1 the upstream is sent what its count route takes, in the client's own words, with the client's betas",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { input_tokens: 12 } });
    const headers = { "anthropic-beta": "context-management-2025-06-27", "anthropic-version": "2026-10-21" };
    const response = await post(gateway, `${PATH}?beta=true`, ASKED, headers);
    assert.deepEqual(await response.json(), { input_tokens: 12 });
    const [asked] = upstream.requests;
    assert.deepEqual(asked?.json, { ...COUNTED, model: "up-model" });
    for (const [name, value] of Object.entries(headers)) assert.equal(asked?.headers.get(name), value);
  },
});

gemini.test({
  name: "Q1 Q2 an Anthropic client of a model behind Gemini is told Gemini's count, of system and tools, too",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { totalTokens: 31 } });
    assert.deepEqual(await (await post(gateway, PATH, ASKED)).json(), { input_tokens: 31 });
    const [asked] = upstream.requests;
    assert.equal(asked?.path, "/v1/models/up-model:countTokens");
    const { generateContentRequest: whole } = asked.json as { generateContentRequest: Record<string, unknown> };
    assert.equal(whole.model, "models/up-model");
    for (const member of ["contents", "systemInstruction", "tools"]) assert.ok(whole[member], member);
  },
});

gemini.test({
  name: "Q1 the official Gemini client is told the upstream's count, by either version of the API",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { totalTokens: 31 } });
    for (const version of ["v1", "v1beta"]) {
      const asked = { model: "up/up-model", contents: version };
      assert.equal((await geminiClient(gateway, version).models.countTokens(asked)).totalTokens, 31);
    }
    assert.deepEqual(
      upstream.requests.map(({ json }) => json),
      ["v1", "v1beta"].map((text) => ({
        generateContentRequest: { contents: [{ role: "user", parts: [{ text }] }], model: "models/up-model" },
      })),
    );
  },
});

gemini.test({
  name: "Q2 a Gemini request that is wrapped whole is counted whole, by the upstream and by us",
  async run({ gateway, upstream }) {
    const whole = {
      model: "models/anything",
      contents: [{ role: "user", parts: [{ text: "Hello" }] }],
      systemInstruction: { parts: [{ text: "word ".repeat(200) }] },
    };
    upstream.push({ kind: "json", status: 500, body: {} });
    const response = await post(gateway, "/v1beta/models/up/up-model:countTokens", { generateContentRequest: whole });
    const { totalTokens } = await response.json();
    assert.ok(totalTokens > 200 && totalTokens < 230, String(totalTokens));
    assert.deepEqual(upstream.requests[0]?.json, { generateContentRequest: { ...whole, model: "models/up-model" } });
  },
});

openai.test({
  name: "Q1 a model whose upstream cannot count is counted for, and the count is marked as an estimate",
  async run({ gateway, upstream }) {
    const params = { model: "up/up-model", messages: [{ role: "user" as const, content: "word ".repeat(1000) }] };
    const { data, response } = await anthropicClient(gateway).messages.countTokens(params).withResponse();
    assert.ok(data.input_tokens > 1000 && data.input_tokens < 1030, String(data.input_tokens));
    assert.equal(response.headers.get("x-anystream-estimated"), "true");
    assert.equal(upstream.requests.length, 0);
  },
});

const long = "word ".repeat(300);
const parts: Record<string, Record<string, unknown>> = {
  "the system prompt": { system: long },
  "a tool's description": { tools: [{ name: "f", description: long, input_schema: { type: "object" } }] },
  "a tool's schema": { tools: [{ name: "f", input_schema: { type: "object", description: long } }] },
  "an image": {
    messages: [{
      role: "user",
      content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } }],
    }],
  },
  "a thought": {
    messages: [
      ...messages,
      { role: "assistant", content: [{ type: "thinking", thinking: long, signature: "s" }] },
      ...messages,
    ],
  },
  "a call": {
    messages: [...messages, {
      role: "assistant",
      content: [{ type: "tool_use", id: "a", name: "f", input: { long } }],
    }],
  },
  "a call's result": {
    messages: [
      ...messages,
      { role: "assistant", content: [{ type: "tool_use", id: "a", name: "f", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: long }] },
    ],
  },
};
for (const [name, body] of Object.entries(parts)) {
  openai.test({
    name: `Q2 ${name} counts`,
    async run({ gateway }) {
      const { input_tokens } = await (await post(gateway, PATH, { model: "up/up-model", messages, ...body })).json();
      assert.ok(input_tokens > 300, String(input_tokens));
    },
  });
}

const failures: Record<string, Script> = {
  "refuses our key": { kind: "json", status: 401, body: { error: { type: "authentication_error", message: "no" } } },
  "has no such route": { kind: "response", make: () => new Response("404 page not found", { status: 404 }) },
  "limits us": { kind: "json", status: 429, body: {} },
  "fails": { kind: "json", status: 500, body: {} },
  "counts nothing": { kind: "json", body: { input_tokens: 0 } },
  "answers without a count": { kind: "json", body: { type: "message" } },
  "answers with a page": { kind: "response", make: () => new Response("<html>") },
  "hangs up": { kind: "stream", chunks: ['{"input_'], type: "application/json", then: "cut" },
};
for (const [name, script] of Object.entries(failures)) {
  anthropic.test({
    name: `Q2 an upstream that ${name} leaves the client with a real count, never with 0 or 1, and the log with why`,
    async run({ gateway, upstream }) {
      upstream.push(script);
      const response = await post(gateway, PATH, ASKED);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("x-anystream-estimated"), "true");
      assert.ok((await response.json()).input_tokens > 10);
      assert.equal(upstream.requests.length, 1);
      assert.deepEqual(gateway.logs.map(({ level, message }) => `${level} ${message}`), ["warn count"]);
    },
  });
}

anthropic.test({
  name: "Q3 50 counts at once are all answered, a few of them by the upstream",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { input_tokens: 5000 }, delay: 10 });
    const client = anthropicClient(gateway);
    const counts = await Promise.all(Array.from({ length: 50 }, (_, at) => {
      const tools = [{ name: `tool_${at}`, input_schema: { type: "object" as const } }];
      return client.messages.countTokens({ model: "up/up-model", messages, tools });
    }));
    assert.ok(counts.every(({ input_tokens }) => input_tokens > 1));
    assert.equal(upstream.requests.length, 4);
    assert.equal(counts.filter(({ input_tokens }) => input_tokens === 5000).length, 4);
  },
});

anthropic.test({
  name: "Q3 a count that was asked for within the last minute is not asked for again, with or without beta",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: { input_tokens: 12 } });
    for (const path of [PATH, `${PATH}?beta=true`]) {
      assert.deepEqual(await (await post(gateway, path, ASKED)).json(), { input_tokens: 12 });
    }
    assert.equal(upstream.requests.length, 1);
  },
});

openai.test({
  name: "Q12 a count for an unknown model is a 404 in the client's dialect",
  async run({ gateway }) {
    const asked = { model: "nobody-has-it", messages, contents: "Hi" };
    const refused = await anthropicClient(gateway).messages.countTokens(asked).catch((error) => error);
    assert.ok(refused instanceof Anthropic.NotFoundError);
    assert.equal(refused.type, "not_found_error");
    const failed = await geminiClient(gateway).models.countTokens(asked).catch((error) => error);
    assert.ok(failed instanceof ApiError);
    assert.equal(failed.status, 404);
    assert.equal(JSON.parse(failed.message).error.status, "NOT_FOUND");
  },
});

openai.test({
  name: "a body that cannot be counted is a 400 in the client's dialect, naming the field; another method is a 405",
  async run({ gateway }) {
    const told = await post(gateway, PATH, { model: "up/up-model", messages: [{ role: "user", content: 7 }] });
    assert.equal(told.status, 400);
    const { type, error } = await told.json();
    assert.deepEqual([type, error.type], ["error", "invalid_request_error"]);
    assert.match(error.message, /messages\[0\]\.content/);
    const other = await post(gateway, "/v1beta/models/up/up-model:countTokens", { contents: [] });
    assert.equal(other.status, 400);
    assert.equal((await other.json()).error.status, "INVALID_ARGUMENT");
    const got = await fetch(gateway.url + PATH);
    assert.equal(got.status, 405);
    assert.equal((await got.json()).type, "error");
  },
});

openai.test({
  name: "Q1 the official OpenAI client is told how long a request of the Responses API is, with what it goes on from",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "One, two, three" }) });
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client-key-1", maxRetries: 0 });
    const asked = { model: "up/up-model", input: "Count to three" };
    const { id } = await client.responses.create(asked);
    const { data: first, response } = await client.responses.inputTokens.count(asked).withResponse();
    const next = await client.responses.inputTokens.count({ ...asked, previous_response_id: id });
    assert.equal(first.object, "response.input_tokens");
    assert.equal(response.headers.get("x-anystream-estimated"), "true");
    assert.ok(first.input_tokens > 3 && next.input_tokens >= first.input_tokens * 2, `${next.input_tokens}`);
    assert.equal(upstream.requests.length, 1);
  },
});

openai.test({
  name: "Q1 a conversation that grows is counted anew, and counting adds nothing to it",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "One" }) });
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client-key-1", maxRetries: 0 });
    const { id: conversation } = await client.conversations.create({});
    const asked = { model: "up/up-model", input: "Count", conversation };
    const count = async () => (await client.responses.inputTokens.count(asked)).input_tokens;
    const [before, again] = [await count(), await count()];
    await client.responses.create(asked);
    assert.equal(again, before);
    assert.ok(await count() > before);
  },
});
