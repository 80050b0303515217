import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import type { Store, Write } from "../../records/store.ts";
import { ADMIN_KEY, adminJson, recorded } from "../support/admin.ts";
import { ask, CALLER_LIST } from "../support/callers.ts";
import { startGateway } from "../support/gateway.ts";
import { chunk, completion, frame, ROLE, textStream, USAGE } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";
import { eventually } from "../support/resume.ts";

const FULL = { ADMIN_KEY, RECORD_BODIES: "full", MAX_RETRIES: "1" };
const HELLO = [{ type: "text", text: "Hello, stream" }];

for (const mode of ["real", "fake", "whole"] as const) {
  withPair({ env: FULL }).test({
    name: `a record equals what the client got, in every dialect: ${mode}`,
    async run({ gateway, upstream }) {
      const whole = { kind: "json", body: completion({ content: "Hello, stream" }) } as const;
      upstream.push(mode === "real" ? { kind: "stream", chunks: textStream("Hello, ", "stream") } : whole);
      for (const caller of CALLER_LIST) {
        const stream = mode !== "whole";
        const asked = { model: "up/up-model", stream };
        const headers = mode === "fake" ? { "x-stream-mode": "fake" } : {};
        const response = await ask(gateway.url, caller, { ...asked, headers });
        const text = await response.text();
        const record = await recorded(gateway, `dialect=${caller.dialect}`);
        assert.equal(record.id, response.headers.get("x-request-id"));
        assert.deepEqual(record.request.json, caller.body(asked), "the client's own JSON");
        assert.deepEqual(record.answer.json.choices[0].parts, HELLO);
        assert.equal(record.answer.json.choices[0].finish.reason, "stop");
        assert.match(text.replaceAll(/"|\\n/g, ""), /Hello,[^]*stream/, "which is what the client got");
        assert.deepEqual([record.status, record.end, record.stream], [200, "done", stream]);
        assert.equal(record.http.method, "POST");
        assert.equal(record.http.path, caller.path(asked).split("?")[0]);
        assert.equal(record.http.address, "127.0.0.1");
        assert.match(record.http.userAgent, /Deno/);
        assert.equal(record.http.received, JSON.stringify(caller.body(asked)).length);
        assert.equal(record.http.sent, text.length, "no keep-alive was sent");
        assert.match(record.http.headers["content-type"], /json/);
        assert.equal(record.usage.input > 0 && record.usage.output > 0, true);
        assert.equal(record.chunks, mode === "real" ? 2 : 1);
        assert.deepEqual([record.asked, record.said], ["Hi", "Hello, stream"]);
        const { tried: [attempt], timeline } = record;
        assert.deepEqual([attempt.provider, attempt.streamed], ["up", mode === "real"]);
        assert.ok(0 <= attempt.start && attempt.start <= attempt.end && attempt.end <= timeline.end);
        assert.ok(timeline.firstContent <= timeline.lastContent && timeline.lastContent <= timeline.end);
        assert.deepEqual([record.ttft, record.total], [timeline.firstContent, timeline.end]);
      }
    },
  });
}

withPair({ env: FULL }).test({
  name: "U7 the record of a client that left says so, with the tokens and the time of what it got",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "Hello, stream" })], then: "hang" });
    const response = await gateway.chat({ model: "up/up-model", stream: true });
    const reader = response.body!.getReader();
    let text = "";
    while (!text.includes("stream")) text += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    const record = await recorded(gateway);
    assert.deepEqual([record.end, record.status], ["cancelled", 200]);
    assert.deepEqual(record.answer.json.choices[0].parts, HELLO);
    assert.ok(record.usage.output > 0 && record.usage.input > 0 && record.usage.estimated);
    assert.ok(record.ttft >= 0);
  },
});

withPair({ env: FULL }).test({
  name: "U8 the record of a stream that failed keeps what was said, and the tokens told before it broke",
  async run({ gateway, upstream }) {
    const usage = frame({ choices: [], usage: { ...USAGE, completion_tokens: 5 } });
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "Hello, stream" }), usage], then: "cut" });
    const text = await (await gateway.chat({ model: "up/up-model", stream: true })).text();
    assert.match(text, /Hello, stream[^]*"error"/);
    const record = await recorded(gateway, "end=failed");
    assert.deepEqual(record.answer.json.choices[0].parts, HELLO);
    assert.deepEqual([record.usage.input, record.usage.output], [7, 5]);
    assert.equal(record.failure.kind, "upstream-cut");
    assert.equal(record.error, record.failure.code ?? "upstream-cut");
    assert.equal(record.status, 200, "the head had been sent");
  },
});

withPair({ env: { ADMIN_KEY, MAX_RETRIES: "1" } }).test({
  name: "bodies of failed requests are kept by default, and of no others",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) }, { kind: "json", status: 500, body: {} });
    await (await gateway.chat({ model: "up/up-model" })).text();
    await (await gateway.chat({ model: "up/up-model" })).text();
    const failed = await recorded(gateway, "status=5");
    assert.deepEqual(failed.request.json.messages, [{ role: "user", content: "Hi" }]);
    assert.equal("answer" in failed, false, "there was none");
    assert.deepEqual([failed.end, failed.status, failed.tried.length], ["failed", 502, 1]);
    const { request, answer, asked, said, ...done } = await recorded(gateway, "end=done");
    assert.deepEqual([request, answer, asked, said], [undefined, undefined, undefined, undefined]);
    assert.equal(done.usage.output, 2);
  },
});

withPair({ env: { ADMIN_KEY, RECORD_BODIES: "off", MAX_RETRIES: "1" } }).test({
  name: "no body is kept where none shall be, nor are headers",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 500, body: {} });
    await (await gateway.chat({ model: "up/up-model" })).text();
    const { request, asked, http } = await recorded(gateway, "end=failed");
    assert.deepEqual([request, asked, http.headers], [undefined, undefined, undefined]);
  },
});

withPair({ env: { ...FULL, RECORD_LIMIT: "1024" } }).test({
  name: "a body over the limit is kept up to it, marked, with its full size",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "é".repeat(3000) }) });
    const messages = [{ role: "user", content: "ж".repeat(2000) }];
    await (await gateway.chat({ model: "up/up-model", messages })).text();
    const { request, answer } = await recorded(gateway);
    for (const [body, least] of [[request, 4000], [answer, 6000]]) {
      assert.equal(body.capped, true);
      assert.ok(body.bytes > least && body.bytes < least + 500, String(body.bytes));
      const kept = new TextEncoder().encode(body.text).length;
      assert.ok(kept <= 1024 && kept > 1020, String(kept));
      assert.equal("json" in body, false);
    }
  },
});

withPair({ env: { ...FULL, USER_SET_KEY: "client-key-9f31" } }).test({
  name: "H4 no record holds a secret, neither ours nor one that a client wrote into its request",
  async run({ gateway, upstream }) {
    const secrets = ["client-key-9f31", "upstream-key-1", ADMIN_KEY, "sk-live-0123456789abcdef"];
    const leak = secrets.join(" and ");
    upstream.push({ kind: "json", body: completion({ content: `Yes: ${leak}` }) });
    const headers = { authorization: "Bearer client-key-9f31", "user-agent": "mine/1" };
    const messages = [{ role: "user", content: `Mine are ${leak}` }];
    await (await gateway.chat({ model: "up/up-model", messages }, { headers })).text();
    upstream.reset();
    upstream.push({ kind: "json", status: 400, body: { error: { message: leak } } });
    await (await gateway.chat({ model: "up/up-model", messages }, { headers })).text();
    const kept = JSON.stringify([await recorded(gateway, "end=done"), await recorded(gateway, "end=failed")]);
    assert.match(kept, /Mine are \[redacted\]/);
    assert.match(kept, /Yes: \[redacted\]/);
    for (const secret of secrets) assert.ok(!kept.includes(secret), secret);
  },
});

withPair({ env: { ...FULL, USER_SET_KEY: "client-key-9f31" } }).test({
  name:
    "H4 no record holds a secret that stands where none should: in the query, the path, a header or the model's name",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hi" }) });
    const key = "client-key-9f31";
    const ask = async (path: string, body: Record<string, unknown>) => {
      const headers = { "user-agent": `mine (${key})`, "x-forwarded-for": `10.0.0.1, ${key}` };
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      await (await fetch(`${gateway.url}${path}${path.includes("?") ? "&" : "?"}key=${key}`, init)).text();
    };
    const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
    await ask("/v1beta/models/up/up-model:generateContent", { contents });
    await ask(`/v1beta/models/${key}:generateContent`, { contents });
    await ask("/v1/chat/completions", { model: key, messages: [{ role: "user", content: "Hi" }] });
    const kept: unknown[] = [];
    for (const end of ["done", "failed"]) kept.push(await recorded(gateway, `end=${end}`));
    const { requests } = await adminJson(gateway, "requests");
    assert.equal(requests.length, 3);
    assert.ok(!JSON.stringify([kept, requests]).includes(key), JSON.stringify(kept));
    assert.match(JSON.stringify(kept), /mine \(\[redacted\]\)/);
  },
});

Deno.test("a record is gone when its time is over, with all that leads to it", async () => {
  const written: Write[] = [];
  const memory = createMemoryStore({ now: Date.now, limit: 1e6 });
  const store = { ...memory, setAll: (writes: readonly Write[]) => (written.push(...writes), memory.setAll(writes)) };
  const gateway = startGateway({ env: { ...FULL, RECORD_EXPIRE: "86400000" }, store });
  try {
    await (await gateway.chat({ model: "demo/echo" })).text();
    await recorded(gateway);
    assert.ok(written.length >= 4);
    for (const { key, expireIn } of written) assert.equal(expireIn, 86_400_000, key.join("/"));
  } finally {
    await gateway.close();
  }
});

Deno.test("what the gateway itself refuses is recorded, too: the body as far as it was read", async () => {
  const gateway = startGateway({ env: FULL });
  try {
    const id = "mine-1";
    await (await gateway.chat({ model: "nobody/nothing" }, { headers: { "x-request-id": id } })).text();
    const record = await recorded(gateway, `text=${id}`);
    assert.deepEqual([record.status, record.error, record.tried], [404, "unknown-model", []]);
    assert.equal(record.request.json.model, "nobody/nothing");
    assert.equal(record.cost, null);
  } finally {
    await gateway.close();
  }
});

Deno.test("nothing is recorded where records are switched off", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e6 });
  const gateway = startGateway({ env: { ...FULL, RECORDS: "off" }, store });
  try {
    await (await gateway.chat({ model: "demo/echo" })).text();
    await gateway.logged();
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.deepEqual((await adminJson(gateway, "requests")).requests, []);
  } finally {
    await gateway.close();
  }
});

const BROKEN: Record<string, Partial<Store>> = {
  "hangs": { setAll: () => new Promise(() => {}) },
  "rejects": { setAll: () => Promise.reject(new Error("gone")) },
  "throws": {
    setAll: () => {
      throw new Error("gone");
    },
  },
};

for (const [what, broken] of Object.entries(BROKEN)) {
  Deno.test(`recording neither delays nor breaks an answer where the store ${what}`, async () => {
    const store = { ...createMemoryStore({ now: Date.now, limit: 1e6 }), ...broken };
    const gateway = startGateway({ env: FULL, store });
    try {
      const answers = [];
      for (const stream of [true, false, true]) {
        const response = await gateway.chat({ model: "demo/echo", stream });
        assert.equal(response.status, 200);
        answers.push(await response.text());
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      assert.match(answers[0]!, /data: \[DONE\]\n\n$/);
      assert.equal(answers[2]!.match(/\[DONE\]/g)?.length, 1);
      const warned = () => gateway.logs.filter(({ message }) => String(message).startsWith("Cannot keep"));
      if (what !== "hangs") await eventually(() => warned().length > 0, "the log says so");
      assert.equal(warned().length, what === "hangs" ? 0 : 1, "one warning for a store that is broken");
    } finally {
      await gateway.close();
    }
  });
}

withPair({ env: FULL }).test({
  name: "U9 what no upstream answered cost nothing, streamed or not",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 500, body: { error: { message: "down" } } });
    for (const stream of [false, true]) {
      const response = await gateway.chat({ model: "up/up-model", stream }, {
        headers: { "x-request-id": `failed-${stream}` },
      });
      assert.equal(response.status, 502, await response.text());
      const record = await recorded(gateway, `text=failed-${stream}`);
      assert.deepEqual([record.usage, record.cost, record.end], [undefined, null, "failed"]);
    }
  },
});
