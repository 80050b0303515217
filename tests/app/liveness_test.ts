import assert from "node:assert/strict";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { chunk, completion, DONE, ROLE, STOP } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";
import type { Script } from "../support/mock_upstream.ts";

const STREAMED = { model: "up/up-model", stream: true };

withPair({ env: { KEEP_ALIVE_INTERVAL: "40" } }).test({
  name: "V1 V7 a silent real stream is kept alive with our own pings; the upstream's are consumed",
  async run({ gateway, upstream }) {
    const chunks = [
      ": upstream ping\n\n",
      ROLE,
      chunk({ content: "a" }),
      ": upstream ping\n\n",
      chunk({ content: "b" }),
      STOP,
      DONE,
    ];
    upstream.push({ kind: "stream", chunks, delay: 70 });
    const text = await (await gateway.chat(STREAMED)).text();
    assert.ok(text.includes(": keep-alive\n\n"));
    assert.ok(!text.includes("upstream ping"));
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "ab");
  },
});

withPair({ env: { KEEP_ALIVE_INTERVAL: "150", MAX_RETRIES: "1" } }).test({
  name: "V6 the head of a real stream waits up to the keep-alive interval, so that a fast failure keeps its status",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 400, body: {}, delay: 30 });
    const early = await gateway.chat(STREAMED);
    assert.equal(early.status, 400);
    await early.body?.cancel();
    upstream.reset();
    upstream.push({ kind: "json", status: 400, body: {}, delay: 300 });
    const late = await gateway.chat(STREAMED);
    assert.equal(late.status, 200);
    assert.match(await late.text(), /^: keep-alive\n\n(: keep-alive\n\n)*data: \{"error"/);
  },
});

withPair({ env: { KEEP_ALIVE_INTERVAL: "20", IDLE_TIMEOUT: "150" } }).test({
  name: "V3 a dead upstream is found though keep-alives go on",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" })], then: "hang" });
    const text = await (await gateway.chat(STREAMED)).text();
    assert.ok(text.split(": keep-alive").length > 3, text);
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).error?.code, "idle_timeout");
    await upstream.requests[0]?.left;
  },
});

const silences: [name: string, body: Record<string, unknown>, mode: string, script: Script, read: boolean][] = [
  ["before the head, streaming", STREAMED, "real", { kind: "hang" }, false],
  ["before the head, collected", { model: "up/up-model" }, "real", { kind: "hang" }, false],
  ["before the first keep-alive of a fake stream", STREAMED, "fake", { kind: "hang" }, false],
  ["while a fake stream is kept alive", STREAMED, "fake", { kind: "hang" }, true],
  ["before the first content of a stream", STREAMED, "auto", { kind: "stream", chunks: [ROLE], then: "hang" }, false],
  ["in the middle of a stream", STREAMED, "real", {
    kind: "stream",
    chunks: [ROLE, chunk({ content: "a" })],
    then: "hang",
  }, true],
];

for (const [name, body, mode, script, read] of silences) {
  withPair({ env: { FAKE_STREAM_INTERVAL: mode === "fake" && read ? "10" : "500" } }).test({
    name: `V14 V15 a client that leaves ${name} aborts the upstream within 100 ms`,
    async run({ gateway, upstream }) {
      upstream.push(script);
      const client = new AbortController();
      const asking = gateway.chat(body, { headers: { "x-stream-mode": mode }, signal: client.signal });
      asking.catch(() => {});
      if (read) await (await asking).body?.getReader().read();
      while (upstream.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      await new Promise((resolve) => setTimeout(resolve, 10));
      const leftAt = performance.now();
      client.abort();
      await upstream.requests[0]?.left;
      assert.ok((upstream.requests[0]?.leftAt ?? Infinity) - leftAt < 100);
      const line = await gateway.logged();
      assert.equal(line.end, "cancelled");
    },
  });
}

withPair().test({
  name: "U7 a client that left a stream still leaves tokens and TTFT in the log",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "some words of text" })], then: "hang" });
    const reader = (await gateway.chat(STREAMED)).body?.getReader();
    await reader?.read();
    await reader?.read();
    await reader?.cancel();
    const line = await gateway.logged();
    assert.equal(line.end, "cancelled");
    assert.equal(line.tokens_estimated, true);
    assert.ok(Number(line.output_tokens) > 0);
    assert.ok(typeof line.ttft_ms === "number");
  },
});

withPair().test({
  name: "V16 a thousand clients that connect and vanish leave the gateway answering, and no upstream call behind",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" })], then: "hang" });
    const clients = Array.from({ length: 1000 }, async (_, at) => {
      const client = new AbortController();
      const asking = gateway.chat(STREAMED, { signal: client.signal }).then(({ body }) => body?.cancel(), () => {});
      await new Promise((resolve) => setTimeout(resolve, at % 40));
      client.abort();
      await asking;
    });
    await Promise.all(clients);
    await Promise.all(upstream.requests.map(({ left }) => left));
    upstream.reset();
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    assert.equal((await (await gateway.chat({ model: "up/up-model" })).json()).choices[0].message.content, "Hello");
  },
});
