import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import assert from "node:assert/strict";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { createApp } from "../../app.ts";
import { createPorts } from "../../gateway/ports.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

/** Tests against a gateway with these variables. */
function withGateway(env: Record<string, string> = {}) {
  return {
    test({ name, run }: { name: string; run: (gateway: TestGateway) => Promise<void> }): void {
      Deno.test(name, async () => {
        const gateway = startGateway({ env });
        try {
          await run(gateway);
        } finally {
          await gateway.close();
        }
      });
    },
  };
}

const KEY = { USER_SET_KEY: "client-key-1" };

withGateway().test({
  name: "GET / answers OK to curl and a page to a browser",
  async run({ url }) {
    const text = await fetch(url, { headers: { accept: "*/*" } });
    assert.equal(text.status, 200);
    assert.equal(await text.text(), "OK");
    const page = await fetch(url, { headers: { accept: "text/html,application/xhtml+xml" } });
    assert.match(page.headers.get("content-type") ?? "", /text\/html/);
    assert.match(await page.text(), /curl -N http:\/\/127\.0\.0\.1/);
  },
});

withGateway(KEY).test({
  name: "GET /health tells version, runtime, providers and storage without a key",
  async run({ url }) {
    const health = await (await fetch(`${url}/health`)).json();
    assert.equal(health.status, "ok");
    assert.equal(health.deno, Deno.version.deno);
    assert.equal(health.storage, "memory");
    assert.deepEqual(health.providers.map(({ name }: { name: string }) => name), ["demo"]);
  },
});

Deno.test("GET /health answers 503 with every mistake of the configuration, and all else that it has mistakes", async () => {
  const problems = [{ path: "PORT", value: "abc", expected: "a port, a whole number from 0 to 65535" }];
  const app = createApp({ problems, warnings: [] }, createPorts({ closing: new AbortController().signal }));
  const health = await app.request("/health");
  assert.equal(health.status, 503);
  assert.deepEqual((await health.json()).problems, problems);
  const chat = await app.request("/v1/chat/completions", { method: "POST", body: "{}" });
  assert.equal(chat.status, 503);
  assert.equal((await chat.json()).error.code, "configuration");
  assert.equal((await app.request("/")).status, 200);
});

withGateway().test({
  name: "GET /v1/models lists ids with slashes, and GET /v1/models/{id} shows one",
  async run({ url }) {
    const { object, data } = await (await fetch(`${url}/v1/models`)).json();
    assert.equal(object, "list");
    assert.ok(data.some(({ id }: { id: string }) => id === "demo/echo"));
    for (const path of ["demo/echo", "demo%2Fecho"]) {
      const model = await (await fetch(`${url}/v1/models/${path}`)).json();
      assert.equal(model.id, "demo/echo");
      assert.equal(model.object, "model");
    }
    const unknown = await fetch(`${url}/v1/models/nobody/nothing`);
    assert.equal(unknown.status, 404);
    await unknown.body?.cancel();
  },
});

withGateway().test({
  name: "E3 an unknown route is a 404 in the dialect's shape",
  async run({ url }) {
    const response = await fetch(`${url}/v1/nothing`);
    assert.equal(response.status, 404);
    const { error } = await response.json();
    assert.equal(error.type, "invalid_request_error");
    assert.equal(error.code, "unknown_url");
  },
});

withGateway().test({
  name: "a method that a route does not take is a 405 with Allow",
  async run({ url }) {
    for (const [path, method, allow] of [["chat/completions", "GET", "POST"], ["models", "DELETE", "GET, HEAD"]]) {
      const response = await fetch(`${url}/v1/${path}`, { method: method ?? "" });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), allow);
      assert.equal((await response.json()).error.code, "method_not_allowed");
    }
  },
});

withGateway().test({
  name: "a WebSocket is refused with the status at which Codex turns to HTTP at once",
  async run({ url }) {
    const { hostname, port } = new URL(url);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const head = [
      "GET /v1/responses HTTP/1.1",
      `host: ${hostname}:${port}`,
      "connection: Upgrade",
      "upgrade: websocket",
    ];
    const key = ["sec-websocket-version: 13", "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="];
    await connection.write(new TextEncoder().encode([...head, ...key, "", ""].join("\r\n")));
    const bytes = new Uint8Array(4096);
    const answer = new TextDecoder().decode(bytes.subarray(0, await connection.read(bytes) ?? 0));
    connection.close();
    assert.match(answer, /^HTTP\/1\.1 426 /);
    assert.match(answer, /websocket_not_supported/);
  },
});

withGateway().test({
  name: "malformed JSON is a 400 with the position, a wrong field a 400 naming it",
  async run({ url, chat }) {
    const malformed = await fetch(`${url}/v1/chat/completions`, { method: "POST", body: '{"model": oops}' });
    assert.equal(malformed.status, 400);
    assert.match((await malformed.json()).error.message, /position 10 /);

    const wrong = await chat({ model: "demo/echo", messages: [{ role: "nobody", content: "Hi" }] });
    assert.equal(wrong.status, 400);
    const { error } = await wrong.json();
    assert.equal(error.param, "messages[0].role");
    assert.equal(error.type, "invalid_request_error");
  },
});

withGateway(KEY).test({
  name: "E4 a missing or wrong key is a 401, the right one is let in",
  async run({ chat }) {
    for (const headers of [{}, { authorization: "Bearer wrong" }] as Record<string, string>[]) {
      const response = await chat({ model: "demo/echo" }, { headers });
      assert.equal(response.status, 401);
      assert.equal((await response.json()).error.type, "invalid_request_error");
    }
    const good = await chat({ model: "demo/echo" }, { headers: { authorization: "Bearer client-key-1" } });
    assert.equal(good.status, 200);
    await good.body?.cancel();
  },
});

withGateway().test({
  name: "an unknown model is a 404 that names near ones",
  async run({ chat }) {
    const response = await chat({ model: "demo/ecko" });
    assert.equal(response.status, 404);
    const { error } = await response.json();
    assert.equal(error.code, "model_not_found");
    assert.match(error.message, /demo\/echo/);
  },
});

withGateway().test({
  name: "a request that names no model means the catalogue's default, and is told so where nobody has that",
  async run({ chat }) {
    const response = await chat({});
    assert.equal(response.status, 400);
    assert.equal((await response.json()).error.param, "model");
  },
});

Deno.test("an answer of the default model bears its name, in every form, and so does the record", async () => {
  const gateway = startGateway({ models: { default_model: "demo/echo", models: {} } });
  try {
    for (const stream of [false, true]) {
      const text = await (await gateway.chat({ stream })).text();
      assert.match(text, /"model":"demo\/echo"/);
      assert.doesNotMatch(text, /"model":""/);
      assert.equal((await gateway.logged(({ stream: logged }) => logged === stream)).model, "demo/echo");
    }
  } finally {
    await gateway.close();
  }
});

withGateway({ BODY_LIMIT: "5000" }).test({
  name: "H6 a body over the limit is a 413, counted on the decompressed bytes",
  async run({ url }) {
    const packed = new Blob([JSON.stringify({ x: "x".repeat(10_000) })]).stream().pipeThrough(
      new CompressionStream("gzip"),
    );
    const body = new Uint8Array(await new Response(packed).arrayBuffer());
    assert.ok(body.length < 2000);
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-encoding": "gzip" },
      body,
    });
    assert.equal(response.status, 413);
    assert.equal((await response.json()).error.type, "invalid_request_error");
  },
});

withGateway().test({
  name: "H2 every response carries a request id, which is also in the error body and the log",
  async run({ url, chat, logged }) {
    const given = await chat({ model: "nobody/nothing" }, { headers: { "x-request-id": "job-7" } });
    assert.equal(given.headers.get("x-request-id"), "job-7");
    assert.equal((await given.json()).error.request_id, "job-7");
    assert.equal((await logged()).id, "job-7");
    for (const path of ["/", "/health", "/v1/models", "/nothing"]) {
      const response = await fetch(url + path);
      assert.match(response.headers.get("x-request-id") ?? "", /^req_\w{32}$/, path);
      await response.body?.cancel();
    }
  },
});

withGateway(KEY).test({
  name: "browser clients get CORS headers, preflight included",
  async run({ url }) {
    const preflight = await fetch(`${url}/v1/chat/completions`, {
      method: "OPTIONS",
      headers: {
        "origin": "https://chat.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-stainless-lang",
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
    assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /authorization/);
    const response = await fetch(`${url}/v1/models`, { headers: { origin: "https://chat.example" } });
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    const exposed = new Set(response.headers.get("access-control-expose-headers")?.split(","));
    for (const name of ["x-request-id", "request-id", "retry-after", "x-anystream-route", "x-anystream-resume"]) {
      assert.ok(exposed.has(name), name);
    }
    for (const kind of ["requests", "tokens"]) {
      for (const what of ["limit", "remaining", "reset"]) {
        assert.ok(exposed.has(`x-ratelimit-${what}-${kind}`) && exposed.has(`anthropic-ratelimit-${kind}-${what}`));
      }
    }
    await response.body?.cancel();
  },
});

withGateway().test({
  name: "x-stream-mode that is no mode is a 400 naming the header",
  async run({ chat }) {
    const response = await chat({ model: "demo/echo" }, { headers: { "x-stream-mode": "sideways" } });
    assert.equal(response.status, 400);
    assert.equal((await response.json()).error.param, "x-stream-mode");
  },
});

withGateway(KEY).test({
  name:
    "the official clients are answered behind base URLs that people give them by mistake, with their key and in their dialect",
  async run({ url }) {
    const [model, content, apiKey] = ["demo/echo", "Hi", "client-key-1"];
    const messages = [{ role: "user" as const, content }];
    for (const base of [url, `${url}/`, `${url}/v1/v1`, `${url}/openai/v1`, `${url}/api/v1`]) {
      const openai = new OpenAI({ baseURL: base, apiKey, maxRetries: 0 });
      const answer = await openai.chat.completions.create({ model, messages });
      assert.equal(answer.choices[0]?.message.content, content, base);
      assert.equal((await openai.responses.create({ model, input: content })).output_text, content, base);
      await assert.rejects(new OpenAI({ baseURL: base, apiKey: "x", maxRetries: 0 }).models.list(), { status: 401 });
    }
    for (const base of [`${url}/v1`, `${url}/v1/`, `${url}/anthropic`]) {
      const anthropic = new Anthropic({ baseURL: base, apiKey, maxRetries: 0 });
      const { content: [block] } = await anthropic.messages.create({ model, messages, max_tokens: 9 });
      assert.ok(block?.type === "text" && block.text === content, base);
      const refused = anthropic.messages.create({ model: "nope/none", messages, max_tokens: 9 });
      await assert.rejects(refused, { status: 404, type: "not_found_error" }, base);
    }
    for (const baseUrl of [`${url}/v1`, `${url}/v1beta`]) {
      const gemini = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
      assert.equal((await gemini.models.generateContent({ model, contents: content })).text, content, baseUrl);
    }
    const ollama = new Ollama({ host: `${url}/api`, headers: { authorization: `Bearer ${apiKey}` } });
    assert.equal((await ollama.chat({ model, messages })).message.content, content);
  },
});

withGateway().test({
  name: "a route that is mistyped is told with the one that was meant",
  async run({ url }) {
    const told = async (path: string) => (await (await fetch(url + path, { method: "POST" })).json()).error.message;
    assert.equal(
      await told("/v1/chat/completion"),
      'Cannot answer as there is no route POST /v1/chat/completion; near it: "/v1/chat/completions"',
    );
    assert.equal(await told("/v1/audio/speech"), "Cannot answer as there is no route POST /v1/audio/speech");
  },
});
