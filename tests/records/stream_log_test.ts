import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { createStreamLog, headKey, readFrames } from "../../records/stream_log.ts";
import { forgetfulStore } from "../support/forgetful_store.ts";

const PLACE = { owner: "me", id: "s" };

Deno.test("frames that are kept at once share a value of the storage as far as it holds them, and are read from any on", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e7 });
  const writer = await createStreamLog(store, PLACE, {
    ...{ now: Date.now, expireIn: 60_000, lifetime: 60_000 },
    ...{ dialect: "openai_chat", contentType: "text/event-stream" },
  });
  const frames = Array.from({ length: 7 }, (_, at) => String(at).repeat(10_000));
  const large = "x".repeat(40_000);
  const all = [...frames, large, "a", "b"];
  await writer?.append(all);
  const batches = await store.list<string[]>(headKey(PLACE), { limit: 99 });
  assert.deepEqual(batches.map(({ value }) => value.length), [3, 3, 1, 1, 2]);
  assert.deepEqual(batches.map(({ key }) => key.at(-1)), [3, 6, 7, 8, 10]);
  for (let after = 0; after <= all.length; after++) {
    assert.deepEqual(await readFrames(store, PLACE, { after, until: all.length }), all.slice(after), `${after}`);
  }
});

Deno.test("a writer whose storage is away for a while goes on, one whose stream was deleted stops and leaves nothing", async () => {
  const { memory, store, storage } = forgetfulStore();
  const writer = await createStreamLog(store, PLACE, {
    ...{ now: Date.now, expireIn: 60_000, lifetime: 60_000 },
    ...{ dialect: "openai_chat", contentType: "text/event-stream" },
  });
  await writer?.append(["a"]);
  storage.isAway = true;
  assert.equal(await writer?.beat(), true);
  storage.isAway = false;
  assert.deepEqual(await readFrames(store, PLACE, { after: 0, until: 1 }), ["a"]);
  await store.delete(headKey(PLACE));
  assert.equal(await writer?.beat(), false);
  await writer?.append(["b"]);
  assert.deepEqual(await memory.list(["streams"], { limit: 9 }), []);
  assert.equal(await memory.get(headKey(PLACE)), undefined);
});
