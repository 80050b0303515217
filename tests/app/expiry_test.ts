/** When what is kept for clients is gone: streams, answers, conversations and sessions, in memory and in KV, on a clock of the test's. */

import assert from "node:assert/strict";
import { createKvStore } from "../../records/kv_store.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import type { Store } from "../../records/store.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { type MockUpstream, startMockUpstream } from "../support/mock_upstream.ts";
import { completion, textStream } from "../support/openai_frames.ts";
import { askResumable, resume, statusOf, STREAM_FORMS } from "../support/resume.ts";

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

interface Clock {
  now: () => number;
  pass(milliseconds: number): void;
}

interface Scene {
  gateway: TestGateway;
  upstream: MockUpstream;
  clock: Clock;
}

const STORES: Record<string, (now: () => number) => Promise<Store>> = {
  memory: (now) => Promise.resolve(createMemoryStore({ now, limit: 1e8 })),
  KV: async (now) => createKvStore(await Deno.openKv(":memory:"), { now }),
};

function inEachStore(name: string, test: (scene: Scene) => Promise<void>): void {
  for (const [place, open] of Object.entries(STORES)) {
    Deno.test(`${name}, in ${place}`, async () => {
      let passed = 0;
      const clock = { now: () => Date.now() + passed, pass: (milliseconds: number) => void (passed += milliseconds) };
      const store = await open(clock.now);
      const upstream = startMockUpstream();
      const gateway = startGateway({ upstream, store, now: clock.now });
      try {
        await test({ gateway, upstream, clock });
      } finally {
        await gateway.close();
        await upstream.close();
        await store.close();
      }
    });
  }
}

function post({ url }: TestGateway, path: string, body: unknown, headers: Record<string, string> = {}) {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
  return fetch(url + path, { ...init, body: JSON.stringify(body) });
}

async function jsonAt({ url }: TestGateway, path: string) {
  return await (await fetch(url + path)).json();
}

inEachStore("a stream is there for an hour after its last frame, then its id is free", async (scene) => {
  const { gateway, upstream, clock } = scene;
  upstream.push({ kind: "stream", chunks: textStream("Hello") });
  const ask = () => askResumable(gateway, STREAM_FORMS.chat, { id: "s" });
  const whole = await (await ask()).text();
  clock.pass(HOUR - 60_000);
  assert.equal(await (await resume(gateway, "s", 0)).text(), whole);
  assert.equal(await statusOf(ask()), 409);
  clock.pass(120_000);
  assert.equal(await statusOf(resume(gateway, "s", 0)), 404);
  assert.equal((await (await ask()).text()).length, whole.length, "another may have its id");
});

inEachStore("an answer is there for thirty days, and nothing goes on from it afterwards", async (scene) => {
  const { gateway, upstream, clock } = scene;
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  const ask = (more: Record<string, unknown>) =>
    post(gateway, "/v1/responses", { model: "up/up-model", input: "Hi", store: true, ...more });
  const { id, output } = await (await ask({})).json();
  clock.pass(30 * DAY - HOUR);
  assert.equal((await jsonAt(gateway, `/v1/responses/${id}`)).status, "completed");
  const next = await (await ask({ previous_response_id: id })).json();
  clock.pass(2 * HOUR);
  assert.equal(await statusOf(fetch(`${gateway.url}/v1/responses/${id}`)), 404);
  assert.equal(await statusOf(fetch(`${gateway.url}/v1/responses/${id}/input_items`)), 404);
  const late = await ask({ previous_response_id: id });
  assert.deepEqual([late.status, (await late.json()).error.code], [400, "previous_response_not_found"]);
  assert.equal(await statusOf(ask({ input: [{ type: "item_reference", id: output[0].id }] })), 400);
  assert.equal((await jsonAt(gateway, `/v1/responses/${next.id}`)).status, "completed", "the later one is still there");
  assert.equal(await statusOf(ask({ previous_response_id: next.id })), 400, "but not what was said before it");
});

inEachStore("a conversation is there for thirty days after its last change", async (scene) => {
  const { gateway, upstream, clock } = scene;
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  const { id: conversation } = await (await post(gateway, "/v1/conversations", {})).json();
  const ask = () => post(gateway, "/v1/responses", { model: "up/up-model", input: "Hi", conversation });
  for (let turn = 1; turn <= 3; turn++) {
    clock.pass(29 * DAY);
    assert.equal(await statusOf(ask()), 200);
    assert.equal((await jsonAt(gateway, `/v1/conversations/${conversation}/items`)).data.length, 2 * turn);
  }
  clock.pass(31 * DAY);
  assert.equal(await statusOf(fetch(`${gateway.url}/v1/conversations/${conversation}`)), 404);
  assert.equal(await statusOf(ask()), 404);
});

inEachStore("a session is there for thirty days after its last turn, and begins anew afterwards", async (scene) => {
  const { gateway, upstream, clock } = scene;
  upstream.push({ kind: "json", body: completion({ content: "Hello" }) });
  const ask = () => gateway.chat({ model: "up/up-model" }, { headers: { "x-session-id": "s" } });
  const turns = async () => (await jsonAt(gateway, "/v1/sessions/s")).turns.length;
  for (let turn = 1; turn <= 3; turn++) {
    clock.pass(29 * DAY);
    assert.equal(await statusOf(ask()), 200);
    assert.equal(await turns(), turn);
  }
  clock.pass(31 * DAY);
  assert.equal(await statusOf(fetch(`${gateway.url}/v1/sessions/s`)), 404);
  assert.deepEqual((await jsonAt(gateway, "/v1/sessions")).data, []);
  assert.equal(await statusOf(ask()), 200);
  assert.equal(await turns(), 1);
  assert.deepEqual(upstream.requests.at(-1)?.json.messages, [{ role: "user", content: "Hi" }]);
});
