import assert from "node:assert/strict";
import { completion, textStream } from "../support/openai_frames.ts";
import type { TestGateway } from "../support/gateway.ts";
import { withPair } from "../support/pair.ts";

const ASKED = { "x-server-timing": "1" };

/** The header's entries, in milliseconds. */
async function timing(gateway: TestGateway, body: Record<string, unknown>, headers: Record<string, string> = ASKED) {
  const response = await gateway.chat({ model: "up/up-model", ...body }, { headers });
  await response.text();
  const header = response.headers.get("server-timing");
  const entries = header?.split(", ").map((entry) => entry.split(";dur=") as [string, string]) ?? [];
  return { header, dur: Object.fromEntries(entries.map(([name, dur]) => [name, Number(dur)])) };
}

withPair({ env: { MAX_RETRIES: "1" } }).test({
  name: "Server-Timing tells whoever asks for it where the time went until the head was sent",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hi" }), delay: 30 });
    const collected = (await timing(gateway, {})).dur;
    assert.deepEqual(Object.keys(collected), ["resolve", "open", "first"]);
    assert.ok(collected.open! >= 29, `open ${collected.open}`);
    assert.ok(collected.first! >= collected.open!);
    assert.equal((await timing(gateway, {}, {})).header, null);
    assert.equal((await timing(gateway, {}, { "x-server-timing": "0" })).header, null);

    upstream.reset();
    upstream.push({ kind: "stream", chunks: textStream("a", "b"), delay: 15 });
    const streamed = (await timing(gateway, { stream: true })).dur;
    assert.deepEqual(Object.keys(streamed), ["resolve", "open"]);
    assert.ok(streamed.open! >= 28, `open ${streamed.open}`);
  },
});

withPair({ env: { MAX_RETRIES: "1", FAKE_STREAM_INTERVAL: "10" } }).test({
  name: "Server-Timing tells less where the head is sent early, or the request fails early",
  async run({ gateway, upstream }) {
    upstream.push({ kind: "json", body: completion({ content: "Hi" }), delay: 40 });
    const fake = await timing(gateway, { stream: true }, { ...ASKED, "x-stream-mode": "fake" });
    assert.deepEqual(Object.keys(fake.dur), ["resolve"]);
    upstream.reset();
    upstream.push({ kind: "json", status: 500, body: {} });
    assert.deepEqual(Object.keys((await timing(gateway, {})).dur), ["resolve"]);
    assert.equal((await timing(gateway, { model: "nobody/knows" })).header, null);
  },
});
