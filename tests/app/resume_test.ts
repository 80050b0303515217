import Anthropic from "@anthropic-ai/sdk";
import assert from "node:assert/strict";
import OpenAI from "openai";
import { createMemoryStore } from "../../records/memory_store.ts";
import { createStreamLog, type StreamHead } from "../../records/stream_log.ts";
import type { Store } from "../../records/store.ts";
import { startGateway } from "../support/gateway.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { chunk, DONE, STOP, textStream } from "../support/openai_frames.ts";
import { withPair } from "../support/pair.ts";
import { askResumable, eventually, readUntil, resume, statusOf, STREAM_FORMS } from "../support/resume.ts";

const SLOW = { env: { KEEP_ALIVE_INTERVAL: "60000" } };

for (const [name, form] of Object.entries(STREAM_FORMS)) {
  withPair(SLOW).test({
    name: `a resumable ${name} stream that was cut at any frame goes on to the same bytes`,
    async run({ gateway, upstream }) {
      upstream.push({ kind: "stream", chunks: textStream("Hel", "lo ", "wörld 🙂"), delay: 1 });
      const id = `req-${name.replace(" ", "-")}`;
      const response = await askResumable(gateway, form, { id });
      assert.equal(response.headers.get("x-anystream-resume"), `/v1/streams/${id}`);
      const whole = await response.text();
      const frames = form.split(whole);
      assert.equal(frames.join(""), whole);
      assert.ok(frames.length >= 3, whole);
      for (let after = 0; after <= frames.length; after++) {
        const rest = await resume(gateway, id, after);
        assert.equal(rest.headers.get("content-type"), response.headers.get("content-type"));
        assert.equal(frames.slice(0, after).join("") + await rest.text(), whole);
      }
      assert.equal(upstream.requests.length, 1);
    },
  });
}

withPair(SLOW).test({
  name: "frames of clients that take it bear their number in a line of their own, and all others none",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a", "b") });
    for (const [name, form] of Object.entries(STREAM_FORMS)) {
      const frames = form.split(await (await askResumable(gateway, form, { id: name.replace(" ", "-") })).text());
      const numbers = frames.map((frame) => frame.match(/^id: (\d+)\n/)?.[1]);
      const counts = frames.map((_, at) => /gemini|ollama/.test(name) ? undefined : String(at + 1));
      assert.deepEqual(numbers, counts, name);
    }
  },
});

withPair(SLOW).test({
  name: "the official clients read a stream whose frames are numbered",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("Hel", "lo") });
    const defaultHeaders = { "x-anystream-resume": "1" };
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", defaultHeaders });
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: "none", defaultHeaders });
    const messages = [{ role: "user" as const, content: "Hi" }];
    const chat = openai.chat.completions.stream({ model: "up/up-model", messages });
    assert.equal(await chat.finalContent(), "Hello");
    const { output_text } = await openai.responses.stream({ model: "up/up-model", input: "Hi" }).finalResponse();
    assert.equal(output_text, "Hello");
    assert.equal(
      await anthropic.messages.stream({ model: "up/up-model", messages, max_tokens: 9 }).finalText(),
      "Hello",
    );
  },
});

withPair(SLOW).test({
  name: "a client that left is given what it missed and then the rest, live, and the upstream never noticed",
  async run({ gateway, upstream }) {
    const pieces = Array.from({ length: 40 }, (_, at) => `<${at}>`);
    upstream.push({ kind: "stream", chunks: textStream(...pieces), delay: 10 });
    const seen = await readUntil(await askResumable(gateway, STREAM_FORMS.chat, { id: "left" }), /<3>[^]*\n\n$/);
    const last = Number(seen.match(/id: (\d+)/g)?.at(-1)?.slice(4));
    const rest = await (await resume(gateway, "left", last)).text();
    const whole = await (await resume(gateway, "left", 0)).text();
    assert.equal(seen + rest, whole);
    assert.deepEqual(whole.match(/<\d+>/g), pieces);
    assert.match(whole, /\[DONE\]\n\n$/);
    assert.equal(upstream.requests[0]?.leftAt, undefined);
    assert.equal((await gateway.logged()).end, "done");
  },
});

Deno.test("without having asked for it, nothing of a stream is kept, and a client that leaves cancels it", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const gateway = startGateway({ upstream, store });
  try {
    upstream.push({ kind: "stream", chunks: [...textStream("a").slice(0, 2)], then: "hang" });
    for (const headers of [{}, { "x-anystream-resume": "0" }]) {
      const response = await gateway.chat({ model: "up/up-model", stream: true }, {
        headers: { "x-request-id": "plain", ...headers },
      });
      assert.equal(response.headers.get("x-anystream-resume"), null);
      assert.ok(!(await readUntil(response, /"a"/)).includes("id: "));
      await upstream.requests.at(-1)?.left;
    }
    assert.deepEqual(await store.list(["streams"], { limit: 10 }), []);
    const missing = await resume(gateway, "plain", 0);
    assert.equal(missing.status, 404);
    assert.equal((await missing.json()).error.code, "not_found");
  } finally {
    await gateway.close();
    await upstream.close();
  }
});

withPair({ env: { USER_SET_KEY: "one-key,other-key", STREAM_RESUME: "key-2" } }).test({
  name: "a stream belongs to its client key: to any other it is not there",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("secret") });
    const mine = { authorization: "Bearer one-key" };
    const others = { authorization: "Bearer other-key" };
    const whole = await (await askResumable(gateway, STREAM_FORMS.chat, { id: "own", headers: mine })).text();
    for (const method of ["GET", "DELETE"]) {
      const refused = await fetch(`${gateway.url}/v1/streams/own`, { method, headers: others });
      assert.equal(refused.status, 404);
      assert.ok(!(await refused.text()).includes("secret"));
      assert.equal(await statusOf(fetch(`${gateway.url}/v1/streams/own`, { method })), 401);
    }
    assert.equal(await (await resume(gateway, "own", 0, mine)).text(), whole);
    // The same id is free for another key, whose streams are all resumable by its setting.
    const second = await gateway.chat({ model: "up/up-model", stream: true }, {
      headers: { ...others, "x-request-id": "own" },
    });
    assert.match(await second.text(), /^id: 1\n/);
  },
});

withPair(SLOW).test({
  name: "a second stream with the id of a kept one is refused, and the first one stays as it is",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a") });
    const whole = await (await askResumable(gateway, STREAM_FORMS.chat, { id: "twice" })).text();
    assert.equal(await statusOf(askResumable(gateway, STREAM_FORMS.chat, { id: "twice" })), 409);
    assert.equal(await (await resume(gateway, "twice", 0)).text(), whole);
  },
});

withPair(SLOW).test({
  name: "a resumable stream that fails before it began keeps its status, and its id is free again",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 400, body: { error: { message: "no" } } });
    for (let attempt = 0; attempt < 2; attempt++) {
      assert.equal(await statusOf(askResumable(gateway, STREAM_FORMS.chat, { id: "failed" })), 400);
    }
    assert.equal(await statusOf(resume(gateway, "failed", 0)), 404);
  },
});

withPair({ env: { STREAM_LINGER: "50" } }).test({
  name: "a resumable stream that nobody follows any more is cancelled after a while, and says so to who comes later",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a").slice(0, 2), then: "hang" });
    await readUntil(await askResumable(gateway, STREAM_FORMS.chat, { id: "alone" }), /"a"/);
    await upstream.requests[0]?.left;
    assert.match(await (await resume(gateway, "alone", 0)).text(), /"a"[^]*client_gone[^]*\n\n$/);
    assert.equal((await gateway.logged()).end, "cancelled");
  },
});

withPair({ env: { STREAM_LIMIT: "2048" } }).test({
  name: "a resumable stream that is over its limit ends with an error",
  async run({ gateway, upstream }) {
    const pieces = Array.from({ length: 60 }, () => "much text ");
    upstream.push({ kind: "stream", chunks: textStream(...pieces), delay: 2 });
    const text = await (await askResumable(gateway, STREAM_FORMS.chat, { id: "long" })).text();
    assert.match(text, /request_too_large[^]*\n\n$/);
    assert.ok(!text.includes("[DONE]"));
    await upstream.requests[0]?.left;
  },
});

withPair(SLOW).test({
  name: "DELETE of a stream that runs cancels its upstream, and forgets it",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a").slice(0, 2), then: "hang" });
    await readUntil(await askResumable(gateway, STREAM_FORMS.chat, { id: "gone" }), /"a"/);
    const deleted = await fetch(`${gateway.url}/v1/streams/gone`, { method: "DELETE" });
    assert.deepEqual(await deleted.json(), { id: "gone", object: "stream", deleted: true });
    await upstream.requests[0]?.left;
    assert.equal(await statusOf(resume(gateway, "gone", 0)), 404);
  },
});

/** A store whose writes take their time, and what it had taken when it was asked. */
function slowStore(): { store: Store; kept: () => Promise<string>; idle: () => Promise<unknown> } {
  const memory = createMemoryStore({ now: Date.now, limit: 1e7 });
  const waits: Promise<unknown>[] = [];
  const store: Store = {
    ...memory,
    async setAll(writes) {
      const wait = new Promise((resolve) => setTimeout(resolve, 15));
      waits.push(wait);
      await wait;
      await memory.setAll(writes);
    },
  };
  return {
    store,
    idle: () => Promise.all(waits),
    kept: async () => JSON.stringify((await memory.list(["streams"], { limit: 1000 })).map(({ value }) => value)),
  };
}

Deno.test("no frame is shown before it is kept, and what came meanwhile is kept with one write", async () => {
  const { store, kept, idle } = slowStore();
  const upstream = startMockUpstream();
  const gateway = startGateway({ upstream, store, env: { RECORDS: "off" } });
  try {
    const pieces = Array.from({ length: 100 }, (_, at) => `<${at}>`);
    upstream.push({ kind: "stream", chunks: textStream(...pieces) });
    const response = await askResumable(gateway, STREAM_FORMS.chat, { id: "acknowledged" });
    const utf8 = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      const number = utf8.decode(bytes).match(/<\d+>/)?.[0];
      if (number !== undefined) assert.ok((await kept()).includes(number), number);
    }
    const batches = await store.list(["streams", "", "acknowledged"], { limit: 1000 });
    assert.ok(batches.length < 60, `${batches.length} writes for ${pieces.length} frames`);
  } finally {
    await gateway.close();
    await upstream.close();
    await idle();
  }
});

Deno.test("a stream that one instance writes is followed live on another", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const gateways = [startGateway({ upstream, store }), startGateway({ upstream, store })] as const;
  try {
    for (const [name, form] of Object.entries(STREAM_FORMS)) {
      upstream.reset();
      const pieces = Array.from({ length: 10 }, (_, at) => `<${at}>`);
      upstream.push({ kind: "stream", chunks: textStream(...pieces), delay: 10 });
      const id = name.replace(" ", "-");
      const first = await askResumable(gateways[0], form, { id });
      const second = await resume(gateways[1], id, 0);
      const [written, followed] = await Promise.all([first.text(), second.text()]);
      // What keeps the connection alive is each instance's own.
      assert.equal(followed.trim(), written.trim(), name);
      assert.deepEqual(followed.match(/<\d+>/g)?.slice(0, 10), pieces, name);
      assert.equal(upstream.requests.length, 1);
    }
  } finally {
    for (const gateway of gateways) await gateway.close();
    await upstream.close();
  }
});

Deno.test("a stream deleted on one instance is stopped on the one that writes it", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const gateways = [startGateway({ upstream, store }), startGateway({ upstream, store })] as const;
  try {
    upstream.push({ kind: "stream", chunks: textStream("a").slice(0, 2), then: "hang" });
    await readUntil(await askResumable(gateways[0], STREAM_FORMS.chat, { id: "far" }), /"a"/);
    assert.equal(await statusOf(fetch(`${gateways[1].url}/v1/streams/far`, { method: "DELETE" })), 200);
    await upstream.requests[0]?.left;
    await eventually(
      async () => (await store.list(["streams"], { limit: 1 })).length === 0,
      "all that was kept is gone",
    );
  } finally {
    for (const gateway of gateways) await gateway.close();
    await upstream.close();
  }
});

Deno.test("a stream whose instance is gone ends with an error in its dialect, the same for all who come", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const gateway = startGateway({ upstream, store });
  try {
    const ends: Record<string, RegExp> = {
      chat: /id: 3\ndata: \{"error":\{[^\n]*upstream_cut[^\n]*\n\n$/,
      completions: /id: 3\ndata: \{"error":\{[^\n]*upstream_cut[^\n]*\n\n$/,
      responses: /id: 3\nevent: error\ndata: \{"type":"error","sequence_number":2,[^]*"response\.failed"[^\n]*\n\n$/,
      messages: /id: 3\nevent: error\ndata: \{"type":"error"[^\n]*\n\n$/,
      gemini: /data: \{"error":\{"code":502[^\n]*\n\n\{"error"[^\n]*$/,
      "gemini array": /,\n\{"error":\{"code":502[^\n]*\n\]$/,
      ollama: /\n\{"error":"[^\n]*\n$/,
      "ollama generate": /\n\{"error":"[^\n]*\n$/,
    };
    for (const [name, form] of Object.entries(STREAM_FORMS)) {
      upstream.push({ kind: "stream", chunks: [...textStream("one", "two", "three"), chunk({}, "stop"), STOP, DONE] });
      const id = name.replace(" ", "-");
      await (await askResumable(gateway, form, { id: `whole-${id}` })).text();
      const whole = (await store.list<string[]>(["streams", "", `whole-${id}`], { limit: 9 })).flatMap(({ value }) =>
        value
      );
      const { value: head } = await store.get<StreamHead>(["streams", "", `whole-${id}`]) ?? { value: undefined };
      assert.ok(head !== undefined);
      // As an instance leaves it that is killed after two frames.
      const long = Date.now() - 60_000;
      const place = { owner: "", id: `orphan-${id}` };
      const options = { ...head, now: () => long, expireIn: 600_000, lifetime: 600_000 };
      await (await createStreamLog(store, place, options))?.append(whole.slice(0, 2));
      const told = await (await resume(gateway, place.id, 0)).text();
      assert.match(told, ends[name] ?? /never/, name);
      assert.equal(await (await resume(gateway, place.id, 0)).text(), told);
      assert.equal((await store.get<StreamHead>(["streams", "", place.id]))?.value.end, "lost");
    }
  } finally {
    await gateway.close();
    await upstream.close();
  }
});

Deno.test("an instance that is stopped ends its resumable streams with an error, and what is kept says the same", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const upstream = startMockUpstream();
  const gateways = [startGateway({ upstream, store }), startGateway({ upstream, store })] as const;
  try {
    upstream.push({ kind: "stream", chunks: textStream("a").slice(0, 2), then: "hang" });
    const response = await askResumable(gateways[0], STREAM_FORMS.chat, { id: "stopped" });
    const reading = response.text();
    await eventually(async () => (await store.list(["streams"], { limit: 3 })).length > 1, "something is kept");
    await gateways[0].close();
    const text = await reading;
    assert.match(text, /"a"[^]*\{"error"/);
    assert.equal(await (await resume(gateways[1], "stopped", 0)).text(), text);
    assert.equal((await store.get<StreamHead>(["streams", "", "stopped"]))?.value.end, "failed");
  } finally {
    await gateways[1].close();
    await upstream.close();
  }
});

withPair({ env: { KEEP_ALIVE_INTERVAL: "60000", FAKE_STREAM_INTERVAL: "60000" } }).test({
  name: "a resumable stream lives from its first seconds on, however long its upstream is in coming",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "hang" });
    // Its head is sent as it begins to beat: who comes for it later does not take its writer for gone.
    const response = await askResumable(gateway, STREAM_FORMS.chat, {
      id: "late",
      signal: AbortSignal.timeout(20_000),
    });
    assert.equal(response.status, 200);
    const resumed = await resume(gateway, "late", 0);
    assert.equal(await statusOf(fetch(`${gateway.url}/v1/streams/late`, { method: "DELETE" })), 200);
    assert.match(await response.text(), /^: .*\n\n/);
    await resumed.text();
  },
});

withPair({ env: { KEEP_ALIVE_INTERVAL: "30" } }).test({
  name: "a resumable stream that is silent is kept alive, for who comes back, too",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a", "b"), delay: 250 });
    const first = await askResumable(gateway, STREAM_FORMS.chat, { id: "silent" });
    const second = await resume(gateway, "silent", 0);
    const [told, resumed] = await Promise.all([first.text(), second.text()]);
    for (const text of [told, resumed]) assert.ok(text.split(": keep-alive\n\n").length > 3, text);
    const bare = (text: string) => text.replaceAll(": keep-alive\n\n", "");
    assert.equal(bare(told), bare(resumed));
    assert.equal(await (await resume(gateway, "silent", 0)).text(), bare(told));
  },
});

withPair(SLOW).test({
  name: "the frame's number is a whole number, in the header or in the query",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a") });
    const frames = STREAM_FORMS.chat.split(
      await (await askResumable(gateway, STREAM_FORMS.chat, { id: "number" })).text(),
    );
    const rest = await fetch(`${gateway.url}/v1/streams/number?after=2`);
    assert.equal(await rest.text(), frames.slice(2).join(""));
    assert.equal(await statusOf(fetch(`${gateway.url}/v1/streams/number?after=-1`)), 400);
    const headers = { "x-anystream-resume": "maybe" };
    assert.equal(await statusOf(askResumable(gateway, STREAM_FORMS.chat, { id: "x", headers })), 400);
  },
});
