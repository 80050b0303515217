import assert from "node:assert/strict";
import { checkOpenaiChatStream } from "../support/openai_chat_grammar.ts";
import { withPair } from "../support/pair.ts";
import { chunk, completion, DONE, frame, ROLE, STOP, textStream, USAGE } from "../support/openai_frames.ts";

const STREAMED = { model: "up/up-model", stream: true };
const fake = { headers: { "x-stream-mode": "fake" } };
const real = { headers: { "x-stream-mode": "real" } };

const tool = (index: number, id: string, name: string, json: string) => ({
  index,
  id,
  type: "function",
  function: { name, arguments: json },
});

withPair().test({
  name: "R10 a relay sends the client's own JSON but for model and usage flag, and hands frames back byte for byte",
  async run({ gateway, upstream }) {
    const frames = textStream("Hel", "lo 🙂");
    upstream.push({ kind: "stream", chunks: frames });
    const body =
      '{"messages":[{"content":"Hi","role":"user","x":1.0}],  "temperature":1.0,"model":"up/up-model","stream":true,"unknown":{"b":2,"a":1e2}}';
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body });
    assert.equal(await response.text(), frames.join(""));
    const sent = upstream.requests[0]?.text ?? "";
    assert.ok(
      sent.startsWith('{"messages":[{"content":"Hi","role":"user","x":1.0}],  "temperature":1.0,"model":"up-model"'),
      sent,
    );
    assert.ok(sent.includes('"unknown":{"b":2,"a":1e2}'), sent);
    assert.deepEqual(upstream.requests[0]?.json.stream_options, { include_usage: true });
  },
});

withPair().test({
  name: "R10 a whole JSON answer of the same dialect is relayed byte for byte",
  async run({ gateway, upstream }) {
    const body = JSON.stringify(completion({ content: "Hello" }, "stop", { vendor_field: { kept: true } }), null, 1);
    upstream.push({ kind: "json", body });
    const response = await gateway.chat({ model: "up/up-model" });
    assert.equal(await response.text(), body);
    assert.equal(upstream.requests[0]?.json.stream, undefined);
  },
});

withPair().test({
  name: "F19 streams go out with headers that no proxy holds back, one frame a write",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("a", "b") });
    const { headers, body } = await gateway.chat(STREAMED);
    assert.match(headers.get("content-type") ?? "", /^text\/event-stream/);
    assert.equal(headers.get("cache-control"), "no-cache, no-transform");
    assert.equal(headers.get("x-accel-buffering"), "no");
    assert.equal(headers.get("content-encoding"), null);
    await body?.cancel();
  },
});

withPair().test({
  name: "V10 a fake stream is complete: reasoning, text, every tool call, finish, usage if asked, one [DONE]",
  async run({ gateway, upstream }) {
    const message = {
      reasoning_content: "Thinking.",
      content: "Calling.",
      tool_calls: [tool(0, "call_a", "weather", '{"city":"Bern"}'), tool(1, "call_b", "time", "{}")],
    };
    upstream.push({ kind: "json", body: completion(message, "tool_calls") });
    const response = await gateway.chat({ ...STREAMED, stream_options: { include_usage: true } }, fake);
    const seen = checkOpenaiChatStream(await response.text(), { includeUsage: true });
    assert.equal(seen.reasoning, "Thinking.");
    assert.equal(seen.text, "Calling.");
    assert.deepEqual(seen.toolCalls.map((call) => [call.name, call.arguments]), [["weather", '{"city":"Bern"}'], [
      "time",
      "{}",
    ]]);
    assert.equal(seen.finish, "tool_calls");
    assert.equal(seen.usage?.prompt_tokens, 7);
    assert.equal(upstream.requests[0]?.json.stream, false);
    assert.equal(upstream.requests[0]?.json.stream_options, undefined);
  },
});

withPair().test({
  name: "V9 a fake stream of nothing but tool calls is tool calls",
  async run({ gateway, upstream }) {
    upstream.push({
      kind: "json",
      body: completion({ content: null, tool_calls: [tool(0, "call_a", "go", "{}")] }, "tool_calls"),
    });
    const seen = checkOpenaiChatStream(await (await gateway.chat(STREAMED, fake)).text(), { includeUsage: false });
    assert.equal(seen.text, "");
    assert.deepEqual(seen.toolCalls.map(({ name }) => name), ["go"]);
    assert.equal(seen.finish, "tool_calls");
  },
});

withPair({ env: { FAKE_STREAM_INTERVAL: "30" } }).test({
  name: "V8 a fake stream is kept alive with comments until the answer comes",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }), delay: 400 });
    const text = await (await gateway.chat(STREAMED, fake)).text();
    const pings = text.split("\n\n").filter((line) => line === ": keep-alive").length;
    assert.ok(pings >= 2, text);
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello");
  },
});

withPair({ env: { FAKE_STREAM_INTERVAL: "30", KEEP_ALIVE: "chunk" } }).test({
  name: "V4 the keep-alive can be an empty chunk with the stream's id instead of a comment",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }), delay: 400 });
    const text = await (await gateway.chat(STREAMED, fake)).text();
    assert.ok(!text.includes(": keep-alive"), text);
    const chunks = text.split("\n\n").filter((line) => line.startsWith("data: {")).map((line) =>
      JSON.parse(line.slice(6))
    );
    assert.ok(chunks.length > 4);
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
    assert.ok(chunks.every(({ choices }) => choices.length === 1));
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello");
  },
});

withPair().test({
  name: "V12 V19 a fake stream asks again while the answer is empty, and logs each attempt with its verdict",
  async run({ gateway, upstream }) {
    upstream.push(
      { kind: "json", body: completion({ content: "" }) },
      { kind: "json", body: { choices: [] } },
      { kind: "json", body: completion({ content: "At last" }) },
    );
    const text = await (await gateway.chat(STREAMED, fake)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "At last");
    const { attempts } = await gateway.logged();
    assert.deepEqual((attempts as { outcome: string }[]).map(({ outcome }) => outcome), [
      "upstream-empty",
      "upstream-empty",
      "answered",
    ]);
  },
});

withPair({ env: { FAKE_STREAM_INTERVAL: "20" } }).test({
  name: "V11 E5 a fake stream that fails after its head is an in-band error, no text, no stop, no [DONE]",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", status: 400, body: { error: { message: "upstream says no" } }, delay: 80 });
    const response = await gateway.chat(STREAMED, fake);
    assert.equal(response.status, 200);
    const text = await response.text();
    const seen = checkOpenaiChatStream(text, { includeUsage: false });
    assert.equal(seen.text, "");
    assert.equal(seen.error?.type, "invalid_request_error");
    assert.ok(!text.includes("upstream says no"));
    assert.ok(!text.includes("[DONE]"));
  },
});

withPair().test({
  name: "an auto stream that begins badly comes again as fake, and the client sees one good answer",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE, STOP, DONE] }, {
      kind: "json",
      body: completion({ content: "Good" }),
    });
    const text = await (await gateway.chat(STREAMED)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Good");
    assert.deepEqual(upstream.requests.map(({ json }) => json.stream), [true, false]);
  },
});

withPair().test({
  name: "V13 E11 a real stream with a preamble only is asked again, and a 502 when it stays empty",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: [ROLE, STOP, DONE] });
    const response = await gateway.chat(STREAMED, real);
    assert.equal(response.status, 502);
    assert.equal((await response.json()).error.code, "upstream_empty");
    assert.equal(upstream.requests.length, 3);
  },
});

withPair().test({
  name: "F8 the client's stream ends at [DONE] although the upstream keeps its socket open, which is then closed",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("Hello"), then: "hang" });
    const text = await (await gateway.chat(STREAMED)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello");
    await upstream.requests[0]?.left;
  },
});

withPair().test({
  name: "F9 F10 F11 one [DONE] without the upstream's, a finish without the upstream's, an error where neither came",
  async run({ gateway, upstream }) {
    const ask = async () => checkOpenaiChatStream(await (await gateway.chat(STREAMED)).text(), { includeUsage: false });
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" }), STOP] });
    assert.deepEqual([(await ask()).finish, (await ask()).error], ["stop", undefined]);
    upstream.reset();
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" }), DONE] });
    assert.equal((await ask()).finish, "stop");
    upstream.reset();
    upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "a" })] });
    const cut = await ask();
    assert.equal(cut.text, "a");
    assert.equal(cut.error?.code, "upstream_cut");
  },
});

withPair().test({
  name: "F14 a JSON answer to a request for a stream still becomes a complete stream",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
    const text = await (await gateway.chat(STREAMED, real)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello");
  },
});

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "F14 JSON that is no object is an error",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: "[1]" });
    const response = await gateway.chat(STREAMED, real);
    assert.equal(response.status, 502);
    assert.equal((await response.json()).error.code, "upstream_malformed");
  },
});

withPair().test({
  name: "F15 a stream, even mislabeled, in reply to a request for JSON is collected into one object",
  async run({ gateway, upstream }) {
    for (const type of ["text/event-stream", "text/plain", "application/json"]) {
      upstream.reset();
      upstream.push({ kind: "stream", chunks: textStream("Hel", "lo"), type });
      const answer = await (await gateway.chat({ model: "up/up-model" })).json();
      assert.equal(answer.object, "chat.completion", type);
      assert.equal(answer.choices[0].message.content, "Hello", type);
    }
  },
});

withPair().test({
  name: "F15 a mislabeled stream is known by how it begins, be its first chunk blank or a piece of a word",
  async run({ gateway, upstream }) {
    const stream = textStream("Hel", "lo");
    for (const first of ["\n", "da", "\uFEFF "]) {
      const [head = "", ...rest] = first === "da" ? [stream[0]!.slice(2), ...stream.slice(1)] : stream;
      upstream.reset();
      upstream.push({ kind: "stream", chunks: [first, head, ...rest], type: "text/plain", then: "hang", delay: 5 });
      const text = await (await gateway.chat(STREAMED, real)).text();
      assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello", JSON.stringify(first));
    }
  },
});

withPair().test({
  name: "a mislabeled stream is streamed, not collected",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "stream", chunks: textStream("Hel", "lo"), type: "text/plain", then: "hang" });
    const text = await (await gateway.chat(STREAMED, real)).text();
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "Hello");
  },
});

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "F16 HTML with a 200 is a 502, and its text is in the log only",
  async run({ gateway, upstream }) {
    const make = () => new Response("<html>Cloud wall 7f3a</html>", { headers: { "content-type": "text/html" } });
    upstream.push({ kind: "response", make });
    const response = await gateway.chat(STREAMED, real);
    assert.equal(response.status, 502);
    assert.ok(!(await response.text()).includes("7f3a"));
    assert.match(String((await gateway.logged()).detail), /7f3a/);
  },
});

withPair().test({
  name: "F17 E5 content and an error in one read are both handed on, in order",
  async run({ gateway, upstream }) {
    const both = ROLE + chunk({ content: "partial" }) +
      'data: {"error":{"message":"boom 9c1","code":"server_error"}}\n\n';
    upstream.push({ kind: "stream", chunks: [both] });
    const text = await (await gateway.chat(STREAMED, real)).text();
    const seen = checkOpenaiChatStream(text, { includeUsage: false });
    assert.equal(seen.text, "partial");
    assert.ok(seen.error);
    assert.ok(!text.includes("boom"));
  },
});

withPair().test({
  name: "F18 a compressed upstream leaves no stale length or encoding on the response",
  async run({ gateway, upstream }) {
    const json = JSON.stringify(completion({ content: "Hello" }));
    const packed = new Blob([json]).stream().pipeThrough(new CompressionStream("gzip"));
    const body = new Uint8Array(await new Response(packed).arrayBuffer());
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    upstream.push({ kind: "response", make: () => new Response(body, { headers }) });
    const response = await gateway.chat({ model: "up/up-model" });
    assert.equal(response.headers.get("content-encoding"), null);
    assert.equal(await response.text(), json);
  },
});

withPair().test({
  name: "O4 O5 O6 usage: no frame unless asked; the upstream's if asked; estimated and flagged where it gave none",
  async run({ gateway, upstream }) {
    const withUsage = [ROLE, chunk({ content: "a b c" }), STOP, frame({ choices: [], usage: USAGE }), DONE];
    upstream.push({ kind: "stream", chunks: withUsage });
    assert.equal(
      checkOpenaiChatStream(await (await gateway.chat(STREAMED)).text(), { includeUsage: false }).usage,
      undefined,
    );
    const asked = { ...STREAMED, stream_options: { include_usage: true } };
    assert.deepEqual(
      checkOpenaiChatStream(await (await gateway.chat(asked)).text(), { includeUsage: true }).usage,
      USAGE,
    );
    upstream.reset();
    upstream.push({ kind: "stream", chunks: textStream("a b c") });
    const estimated = checkOpenaiChatStream(await (await gateway.chat(asked)).text(), { includeUsage: true }).usage;
    assert.ok(Number(estimated?.completion_tokens) > 0);
    assert.equal(
      (await gateway.logged((line) => line.tokens_estimated === true)).output_tokens,
      estimated?.completion_tokens,
    );
  },
});

withPair().test({
  name: "K1 K2 reasoning under any name, or in think tags, is reasoning_content for the client, streamed and whole",
  async run({ gateway, upstream }) {
    for (
      const delta of [{ reasoning: "hm" }, { thinking: "hm" }, { reasoning_text: "hm" }, {
        content: "<think>hm</think>",
      }]
    ) {
      upstream.reset();
      upstream.push({ kind: "stream", chunks: [ROLE, chunk(delta), chunk({ content: "yes" }), STOP, DONE] });
      const seen = checkOpenaiChatStream(await (await gateway.chat(STREAMED)).text(), { includeUsage: false });
      assert.deepEqual([seen.reasoning, seen.text], ["hm", "yes"]);
      upstream.reset();
      const message = "content" in delta ? { content: delta.content + "yes" } : { ...delta, content: "yes" };
      upstream.push({ kind: "json", body: completion(message) });
      const { message: whole } = (await (await gateway.chat({ model: "up/up-model" })).json()).choices[0];
      assert.deepEqual([whole.reasoning_content, whole.content], ["hm", "yes"]);
    }
  },
});

withPair({ env: { PACE: "500" } }).test({
  name: "pace delivers a fake stream in pieces, with the same text",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "One two three four five six" }) });
    const text = await (await gateway.chat(STREAMED, fake)).text();
    assert.ok(text.split("data: ").length > 8, text);
    assert.equal(checkOpenaiChatStream(text, { includeUsage: false }).text, "One two three four five six");
  },
});

withPair({ env: { KEEP_ALIVE_INTERVAL: "30", JSON_KEEP_ALIVE: "true" } }).test({
  name: "V18 a slow whole answer can be kept alive with white space, and is still one JSON value, also when it fails",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hello" }), delay: 100 });
    const good = await (await gateway.chat({ model: "up/up-model" })).text();
    assert.match(good, /^ +\{/);
    assert.equal(JSON.parse(good).choices[0].message.content, "Hello");
    upstream.reset();
    upstream.push({ kind: "json", status: 400, body: {}, delay: 100 });
    const bad = await gateway.chat({ model: "up/up-model" });
    assert.equal(bad.status, 200);
    assert.equal((await bad.json()).error.type, "invalid_request_error");
  },
});

withPair().test({
  name: "O6 A5 a whole answer whose upstream gave no counts has estimated ones for a client of another dialect",
  async run({ gateway, upstream }) {
    const { usage: _, ...answer } = completion({ content: "a b c" });
    upstream.push({ kind: "json", body: answer });
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "up/up-model", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] }),
    });
    const { usage } = await response.json();
    assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0, JSON.stringify(usage));
  },
});
