import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { ApiError, GoogleGenAI } from "@google/genai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { createStore } from "../../records/resilient_store.ts";
import { ADMIN, ADMIN_KEY, adminJson, recorded } from "../support/admin.ts";
import { ask, type Caller, CALLER_LIST, CALLERS } from "../support/callers.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { completion, textStream } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";
import { statusOf } from "../support/resume.ts";

const KEY = "client-key-1";
const HEADERS = { authorization: `Bearer ${KEY}` };
const messages = [{ role: "user" as const, content: "Hi" }];

/** A gateway with one key of these limits, in the words of TOML. */
function withLimits(limits: string): { toml: string } {
  return { toml: `[app]\nkeys = [{ name = "phone", key = "${KEY}", ${limits} }]` };
}

async function withGateway(limits: string, run: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const gateway = startGateway(withLimits(limits));
  try {
    await run(gateway);
  } finally {
    await gateway.close();
  }
}

/** What each official client raises where its key has nothing left. */
const CLIENTS: Record<string, { ask(url: string): Promise<unknown>; isRefusal(thrown: unknown): boolean }> = {
  openai_chat: {
    ask: (url) => openai(url).chat.completions.create({ model: "demo/echo", messages }),
    isRefusal: isOpenaiRefusal,
  },
  openai_responses: {
    ask: (url) => openai(url).responses.create({ model: "demo/echo", input: "Hi" }),
    isRefusal: isOpenaiRefusal,
  },
  openai_embeddings: {
    ask: (url) => openai(url).embeddings.create({ model: "demo/embed", input: "Hi" }),
    isRefusal: isOpenaiRefusal,
  },
  openai_completions: {
    ask: (url) => openai(url).completions.create({ model: "demo/echo", prompt: "Hi" }),
    isRefusal: isOpenaiRefusal,
  },
  anthropic: {
    ask: (url) =>
      new Anthropic({ baseURL: url, apiKey: KEY, maxRetries: 0 })
        .messages.create({ model: "demo/echo", messages, max_tokens: 9 }),
    isRefusal: (thrown) =>
      thrown instanceof Anthropic.RateLimitError && Number(thrown.headers.get("retry-after")) > 0 &&
      thrown.headers.get("anthropic-ratelimit-requests-remaining") === "0",
  },
  gemini: {
    ask: (url) =>
      new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: url } })
        .models.generateContent({ model: "demo/echo", contents: "Hi" }),
    isRefusal: (thrown) => thrown instanceof ApiError && thrown.status === 429,
  },
  ollama: {
    ask: (url) => new Ollama({ host: url, headers: HEADERS }).chat({ model: "demo/echo", messages }),
    isRefusal: (thrown) => thrown instanceof Error && Reflect.get(thrown, "status_code") === 429,
  },
};

function openai(url: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0 });
}

function isOpenaiRefusal(thrown: unknown): boolean {
  return thrown instanceof OpenAI.RateLimitError && thrown.code === "rate_limit_exceeded" &&
    Number(thrown.headers.get("retry-after")) > 0 && thrown.headers.get("x-ratelimit-remaining-requests") === "0";
}

for (const [name, client] of Object.entries(CLIENTS)) {
  Deno.test(`U10 E4 a request over the limit raises the official client's own class: ${name}`, async () => {
    await withGateway("requestsPerMinute = 1", async ({ url }) => {
      await client.ask(url);
      await assert.rejects(() => client.ask(url), client.isRefusal);
    });
  });
}

for (const caller of CALLER_LIST) {
  for (const stream of [false, true]) {
    const how = `${caller.dialect}, ${stream ? "streamed" : "collected"}`;
    Deno.test(`H3 the limits and what is left of them stand on a good answer, and on a refusal with its time: ${how}`, async () => {
      await withGateway("requestsPerMinute = 1, tokensPerMinute = 100000", async ({ url }) => {
        const headersOf = async () => {
          const response = await ask(url, caller, { model: "demo/echo", stream, headers: HEADERS });
          const text = await response.text();
          if (response.status === 429) caller.refusal(JSON.parse(text));
          return { status: response.status, headers: Object.fromEntries(response.headers) };
        };
        const name = (what: string, kind: string) =>
          caller.dialect === "anthropic" ? `anthropic-ratelimit-${kind}-${what}` : `x-ratelimit-${what}-${kind}`;
        for (const status of [200, 429]) {
          const told = await headersOf();
          assert.equal(told.status, status);
          assert.equal(told.headers[name("limit", "requests")], "1");
          assert.equal(told.headers[name("remaining", "requests")], "0");
          assert.equal(told.headers[name("limit", "tokens")], "100000");
          assert.ok(Number(told.headers[name("remaining", "tokens")]) < 100_000);
          const reset = told.headers[name("reset", "requests")] ?? "";
          assert.match(reset, caller.dialect === "anthropic" ? /^20\d\d-\d\d-\d\dT[\d:]{8}Z$/ : /^(\d+m)?\d+(m?s)$/);
          assert.equal(Number(told.headers["retry-after"] ?? 0) > 0, status === 429);
        }
      });
    });

    Deno.test(`U10 tokens are counted when an answer has ended, whoever asked: ${how}`, async () => {
      await withGateway("tokensPerDay = 130", async ({ url }) => {
        let answered = 0;
        let response = await ask(url, caller, { model: "demo/echo", stream, headers: HEADERS });
        for (; response.status === 200 && answered < 130; answered++) {
          await response.text();
          response = await ask(url, caller, { model: "demo/echo", stream, headers: HEADERS });
        }
        assert.ok(answered > 1, `${answered} were answered`);
        assert.equal(response.status, 429);
        // Clients try again within seconds, which is no use here.
        assert.equal(response.headers.get("x-should-retry"), "false");
        const { message } = caller.refusal(await response.json());
        assert.equal(message, "Cannot answer as the API key has used its 130 tokens a day");
      });
    });
  }
}

withPair({ toml: `[app]\nkeys = [{ name = "some", key = "some-key", models = ["up/*"] }, "any-key"]` }).test({
  name: "a key that may use some models alone names no others to an upstream that would take them",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    const chat = (key: string, more: Record<string, unknown>) =>
      gateway.chat({ model: "up/up-model", ...more }, { headers: { authorization: `Bearer ${key}` } });
    for (const more of [{ models: ["vendor/other"], route: "fallback" }, { fallbacks: ["vendor/other"] }]) {
      const refused = await chat("some-key", more);
      assert.equal(refused.status, 403);
      assert.equal((await refused.json()).error.param, Object.keys(more)[0]);
      assert.equal(upstream.requests.length, 0);
    }
    assert.equal(await statusOf(chat("some-key", {})), 200);
    assert.equal(await statusOf(chat("any-key", { models: ["vendor/other"] })), 200);
    assert.deepEqual(upstream.requests.at(-1)?.json.models, ["vendor/other"]);
  },
});

Deno.test("money is counted by the prices of the catalogue, and ends with its limit", async () => {
  const upstream = startMockUpstream();
  const { toml } = withLimits("moneyPerDay = 0.015");
  const provider = `[providers.openai]\nendpoint = "${upstream.url}/v1"\napi_key = "k"\nmodels = ["gpt-4.1"]`;
  const gateway = startGateway({ toml: `${toml}\n${provider}` });
  try {
    // A million tokens cost 2 USD and 8 USD: one such answer is a cent.
    const usage = { prompt_tokens: 1000, completion_tokens: 1000, total_tokens: 2000 };
    upstream.push({ kind: "json", body: completion({ content: "Hello" }, "stop", { usage }) });
    const chat = () => gateway.chat({ model: "openai/gpt-4.1" }, { headers: HEADERS });
    const first = await chat();
    assert.equal(first.status, 200, await first.text());
    const second = await chat();
    assert.equal(second.status, 429);
    assert.match((await second.json()).error.message, /has used its 0.015 USD a day$/);
    assert.equal(upstream.requests.length, 1);
  } finally {
    await gateway.close();
    await upstream.close();
  }
});

Deno.test("a long prompt counts by the tariff that its vendor has for it: against the limit, in its record and in the overview", async () => {
  const upstream = startMockUpstream();
  const { toml } = withLimits("moneyPerDay = 0.1");
  const provider = `[providers.openai]\nendpoint = "${upstream.url}/v1"\napi_key = "k"\nmodels = ["gpt-6-luna"]`;
  const gateway = startGateway({ toml: `${toml}\n${provider}`, env: { ADMIN_KEY } });
  const answer = (prompt: number) => {
    const usage = { prompt_tokens: prompt, completion_tokens: 1_000, total_tokens: prompt + 1_000 };
    return { kind: "json" as const, body: completion({ content: "Hello" }, "stop", { usage }) };
  };
  try {
    // 272,000 tokens are billed at 0.10 and 0.50 USD for a million; one more, and all at 0.20 and 0.75.
    upstream.push(answer(272_000), answer(272_001));
    const chat = () => gateway.chat({ model: "openai/gpt-6-luna" }, { headers: HEADERS });
    const ids = [];
    for (let at = 0; at < 2; at++) {
      const response = await chat();
      assert.equal(response.status, 200, await response.text());
      ids.push(response.headers.get("x-request-id"));
    }
    assert.equal(await statusOf(chat()), 429, "the third would make more than 0.1 of 0.0277 and 0.0552");
    const [short, long] = await Promise.all(ids.map((id) => recorded(gateway, `text=${id}`)));
    assert.deepEqual([short.tariff, long.tariff], [undefined, "long"]);
    assert.deepEqual([short.cost.total, long.cost.total].map((cost) => cost.toFixed(7)), ["0.0277000", "0.0551502"]);
    const { total: { total } } = await adminJson(gateway, "overview");
    assert.equal(total.cost.toFixed(7), "0.0828502");
    assert.match(
      await (await fetch(`${gateway.url}/admin/export?format=csv`, { headers: ADMIN })).text(),
      /,long,0\.0551/,
    );
  } finally {
    await gateway.close();
    await upstream.close();
  }
});

Deno.test("a model without a price, which costs nothing by a limit of money, is told of by /health, and once in the log", async () => {
  const upstream = startMockUpstream();
  const provider = `[providers.openai]\nendpoint = "${upstream.url}/v1"\napi_key = "k"\nmodels = ["gpt-4.1", "odd"]`;
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  for (const [limit, odd] of [["moneyPerMonth = 5", 1], ["tokensPerDay = 5000", 0]] as const) {
    const gateway = startGateway({ toml: `${withLimits(limit).toml}\n${provider}` });
    const warned = async () => {
      const { warnings } = await (await fetch(`${gateway.url}/health`)).json();
      return warnings.filter((warning: string) => /The price of openai\/odd is not known/.test(warning)).length;
    };
    try {
      // The configuration names it, and that nobody has used it yet does not matter.
      assert.equal(await warned(), odd);
      for (const model of ["openai/odd", "openai/gpt-4.1", "openai/odd"]) {
        assert.equal(await statusOf(gateway.chat({ model }, { headers: HEADERS })), 200);
      }
      const told = gateway.logs.filter(({ message }) => /its price is not known/.test(String(message)));
      assert.deepEqual(told.map(({ key, model }) => [key, model]), Array(odd).fill(["phone", "openai/odd"]));
      assert.equal(await warned(), odd);
    } finally {
      await gateway.close();
    }
  }
  await upstream.close();
});

Deno.test("a request that is larger than the whole limit is told so", async () => {
  await withGateway("tokensPerMinute = 20", async (gateway) => {
    const response = await gateway.chat({ model: "demo/echo" }, { headers: HEADERS });
    assert.equal(response.status, 429);
    assert.match(
      (await response.json()).error.message,
      /^Cannot answer as the request may take \d+ tokens, and the API key/,
    );
  });
});

Deno.test("Q3 fifty counts in a second use up nothing of a key's limits", async () => {
  await withGateway("requestsPerMinute = 1", async ({ url }) => {
    const counts = await Promise.all(Array.from({ length: 50 }, async (_, at) => {
      const response = await fetch(`${url}/v1/messages/count_tokens`, {
        method: "POST",
        headers: HEADERS,
        body: JSON.stringify({ model: "demo/echo", messages: [{ role: "user", content: `Hi ${at}` }] }),
      });
      await response.body?.cancel();
      return response.status;
    }));
    assert.deepEqual(new Set(counts), new Set([200]));
    await CLIENTS.anthropic!.ask(url);
  });
});

Deno.test("a key is shown its models in every list, and refused all others in every dialect", async () => {
  await withGateway('models = ["demo/echo", "demo/s*"]', async ({ url }) => {
    const lists: [string, Record<string, string>, (body: never) => string[]][] = [
      ["/v1/models", {}, ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)],
      ["/v1/models", { "anthropic-version": "1" }, ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)],
      ["/v1beta/models", {}, ({ models }: { models: { name: string }[] }) => models.map(({ name }) => name.slice(7))],
      ["/api/tags", {}, ({ models }: { models: { name: string }[] }) => models.map(({ name }) => name)],
    ];
    for (const [path, headers, read] of lists) {
      const ids = read(await (await fetch(url + path, { headers: { ...HEADERS, ...headers } })).json() as never);
      assert.ok(ids.length >= 2 && ids.every((id) => id === "demo/echo" || id.startsWith("demo/s")), `${path} ${ids}`);
    }
    for (const caller of CALLER_LIST) {
      const good = await ask(url, caller, { model: "demo/echo", stream: false, headers: HEADERS });
      await good.body?.cancel();
      assert.equal(good.status, 200, caller.dialect);
      const bad = await ask(url, caller, { model: "demo/tools", stream: true, headers: HEADERS });
      assert.equal(bad.status, 403, caller.dialect);
      assert.match(caller.refusal(await bad.json()).message, /"demo\/tools" as the API key is not allowed to$/);
    }
    const shown = await fetch(`${url}/api/show`, { method: "POST", headers: HEADERS, body: '{"model":"demo/tools"}' });
    await shown.body?.cancel();
    assert.equal(shown.status, 403);
  });
});

Deno.test("a key has no more requests under way than its concurrency, and gets its place back", async () => {
  await withGateway("concurrency = 1", async (gateway) => {
    const leave = new AbortController();
    const first = await gateway.chat({ model: "demo/slow", stream: true }, { headers: HEADERS, signal: leave.signal });
    const second = await gateway.chat({ model: "demo/echo" }, { headers: HEADERS });
    assert.equal(second.status, 429);
    assert.equal((await second.json()).error.code, "too_many_concurrent_requests");
    leave.abort();
    await first.text().catch(() => {});
    await gateway.logged(({ end }) => end === "cancelled");
    const third = await gateway.chat({ model: "demo/echo" }, { headers: HEADERS });
    await third.body?.cancel();
    assert.equal(third.status, 200);
  });
});

const UPSTREAM_LIMITS = {
  "x-ratelimit-limit-requests": "60",
  "x-ratelimit-remaining-requests": "59",
  "x-ratelimit-reset-requests": "1s",
  "x-ratelimit-limit-tokens": "150000",
  "x-ratelimit-remaining-tokens": "149984",
  "x-ratelimit-reset-tokens": "6m0s",
};

for (const stream of [false, true]) {
  withPair({ toml: `[app]\nkeys = ["open-key-1", { key = "${KEY}", requestsPerMinute = 7 }]` }).test({
    name: `H3 what a key has no limit of is told as the upstream has it, in the client's words: stream ${stream}`,
    async run({ gateway: { url }, upstream }) {
      upstream.push(
        stream
          ? { kind: "stream", headers: UPSTREAM_LIMITS, chunks: textStream("Hello") }
          : { kind: "json", headers: UPSTREAM_LIMITS, body: completion({ content: "Hello" }) },
      );
      const told = async (caller: Caller, key: string) => {
        const headers = { authorization: `Bearer ${key}` };
        const response = await ask(url, caller, { model: "up/up-model", stream, headers });
        await response.text();
        assert.equal(response.status, 200);
        return response.headers;
      };
      const unlimited = await told(CALLERS.openai_chat, "open-key-1");
      assert.equal(unlimited.get("x-ratelimit-remaining-requests"), "59");
      assert.match(unlimited.get("x-ratelimit-reset-tokens") ?? "", /^(6m0s|5m5\ds)$/);
      const anthropic = await told(CALLERS.anthropic, "open-key-1");
      assert.equal(anthropic.get("anthropic-ratelimit-tokens-limit"), "150000");
      assert.equal(anthropic.get("x-ratelimit-limit-tokens"), null);
      const limited = await told(CALLERS.openai_chat, KEY);
      assert.equal(limited.get("x-ratelimit-limit-requests"), "7");
      assert.equal(limited.get("x-ratelimit-limit-tokens"), "150000");
    },
  });
}

Deno.test("with its storage away the gateway keeps the limits by itself, and warns once", async () => {
  const log = { info() {}, warn() {} };
  const store = createStore({ open: () => Promise.reject(new Error("no database")), now: Date.now, log });
  const gateway = startGateway({ ...withLimits("requestsPerMinute = 3"), store });
  try {
    const statuses: number[] = [];
    for (let at = 0; at < 5; at++) {
      const response = await gateway.chat({ model: "demo/echo" }, { headers: HEADERS });
      await response.body?.cancel();
      statuses.push(response.status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 429, 429]);
    const warnings = gateway.logs.filter(({ message }) => String(message).startsWith("Cannot count limits with other"));
    assert.equal(warnings.length, 1);
  } finally {
    await gateway.close();
    await store.close();
  }
});
