import assert from "node:assert/strict";
import { type GatewayProcess, startGatewayProcess } from "../support/process.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { textStream } from "../support/openai_frames.ts";
import { askResumable, eventually, readUntil, resume, STREAM_FORMS } from "../support/resume.ts";

/** Two processes of a gateway on one database, and the upstream of both. */
async function withTwo(
  run: (
    scene: { gateways: [GatewayProcess, GatewayProcess]; upstream: ReturnType<typeof startMockUpstream> },
  ) => Promise<
    void
  >,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const upstream = startMockUpstream();
  const env = {
    KV_URL: `${folder}/kv.sqlite`,
    KEEP_ALIVE_INTERVAL: "60000",
    PROVIDER_UP_TYPE: "openai",
    PROVIDER_UP_ENDPOINT: `${upstream.url}/v1`,
    PROVIDER_UP_API_KEY: "upstream-key-1",
    PROVIDER_UP_MODELS: "up-model",
  };
  const start = () => startGatewayProcess({ entry: "main.ts", cwd: "/", env });
  const gateways: [GatewayProcess, GatewayProcess] = [await start(), await start()];
  try {
    await run({ gateways, upstream });
  } finally {
    for (const gateway of gateways) await gateway.close();
    await upstream.close();
    await Deno.remove(folder, { recursive: true });
  }
}

const PIECES = Array.from({ length: 30 }, (_, at) => `<${at}>`);

Deno.test("a stream that one process writes goes on for its client at another", async () => {
  await withTwo(async ({ gateways: [first, second], upstream }) => {
    upstream.push({ kind: "stream", chunks: textStream(...PIECES), delay: 20 });
    const seen = await readUntil(await askResumable(first, STREAM_FORMS.chat, { id: "moved" }), /<5>[^]*\n\n$/);
    const last = Number(seen.match(/^id: (\d+)/gm)?.at(-1)?.slice(4));
    const whole = seen + await (await resume(second, "moved", last)).text();
    assert.deepEqual(whole.match(/<\d+>/g), PIECES);
    assert.equal(await (await resume(second, "moved", 0)).text(), whole);
    assert.equal(upstream.requests.length, 1);
  });
});

Deno.test("a process killed in the middle of a stream loses no frame whose number was told", async () => {
  await withTwo(async ({ gateways: [first, second], upstream }) => {
    upstream.push({ kind: "stream", chunks: textStream(...PIECES), delay: 20 });
    const response = await askResumable(first, STREAM_FORMS.chat, { id: "killed" });
    let seen = "";
    const utf8 = new TextDecoder();
    try {
      for await (const bytes of response.body ?? []) {
        seen += utf8.decode(bytes, { stream: true });
        if (seen.includes("<12>")) first.kill("SIGKILL");
      }
    } catch {
      // The connection broke with the process.
    }
    const told = STREAM_FORMS.chat.split(seen);
    assert.ok(told.length > 12, seen);
    const kept = await readUntil(await resume(second, "killed", 0), new RegExp(`^id: ${told.length}\n[^]*\n\n`, "m"));
    assert.equal(kept.slice(0, told.join("").length), told.join(""));
  });
});

Deno.test("SIGINT ends a running stream with an error within five seconds, and what is kept says the same", async () => {
  await withTwo(async ({ gateways: [first, second], upstream }) => {
    upstream.push({ kind: "stream", chunks: textStream(...PIECES).slice(0, 4), then: "hang" });
    const response = await askResumable(first, STREAM_FORMS.chat, { id: "interrupted" });
    const reading = response.text();
    await eventually(() => upstream.requests.length === 1, "the upstream was asked");
    const startedAt = performance.now();
    first.kill("SIGINT");
    assert.equal((await first.status).code, 0);
    assert.ok(performance.now() - startedAt < 5_000);
    const text = await reading;
    assert.match(text, /<0>[^]*shutting_down[^]*\n\n$/);
    assert.equal(await (await resume(second, "interrupted", 0)).text(), text);
  });
});

Deno.test("SIGINT gives an answer in the background time to finish, and else tells that it failed", async () => {
  await withTwo(async ({ gateways: [first, second], upstream }) => {
    const start = async () => {
      const body = JSON.stringify({ model: "up/up-model", background: true, input: "Hi" });
      return (await (await fetch(`${first.url}/v1/responses`, { method: "POST", body })).json()).id;
    };
    const shown = async (id: string) => await (await fetch(`${second.url}/v1/responses/${id}`)).json();
    upstream.push({ kind: "stream", chunks: textStream(...PIECES.slice(0, 10)), delay: 80 });
    upstream.push({ kind: "stream", chunks: textStream(...PIECES).slice(0, 4), then: "hang" });
    const ids = [await start(), await start()];
    await eventually(() => upstream.requests.length === 2, "the upstream was asked twice");
    assert.deepEqual(await Promise.all(ids.map(async (id) => (await shown(id)).status)), [
      "in_progress",
      "in_progress",
    ]);
    first.kill("SIGINT");
    assert.equal((await first.status).code, 0);
    const [finished, cut] = await Promise.all(ids.map(shown));
    assert.equal(finished.status, "completed");
    assert.equal(finished.output[0].content[0].text, PIECES.slice(0, 10).join(""));
    assert.equal(cut.status, "failed");
    assert.match(cut.error.message, /stopping/);
  });
});

Deno.test("what one process keeps of a conversation, another goes on from", async () => {
  await withTwo(async ({ gateways: [first, second], upstream }) => {
    upstream.push({ kind: "stream", chunks: textStream("yes") });
    const headers = { "x-session-id": "shared" };
    for (const [at, { url }] of [first, second, first].entries()) {
      const body = JSON.stringify({
        model: "up/up-model",
        stream: true,
        messages: [{ role: "user", content: `question ${at}` }],
      });
      await (await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body })).text();
    }
    const { messages } = upstream.requests.at(-1)?.json as { messages: unknown[] };
    assert.equal(messages.length, 5);
    let previous: string | undefined;
    for (const { url } of [first, second, first]) {
      const body = JSON.stringify({
        model: "up/up-model",
        input: "Hi",
        ...(previous && { previous_response_id: previous }),
      });
      previous = (await (await fetch(`${url}/v1/responses`, { method: "POST", body })).json()).id;
    }
    assert.equal((upstream.requests.at(-1)?.json as { messages: unknown[] }).messages.length, 5);
  });
});
