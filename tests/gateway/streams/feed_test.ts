import assert from "node:assert/strict";
import { openaiChat } from "../../../dialects/openai_chat/mod.ts";
import { storedFeed } from "../../../gateway/streams/feed.ts";
import { createMemoryStore } from "../../../records/memory_store.ts";
import { createStreamLog, headKey } from "../../../records/stream_log.ts";
import type { Store } from "../../../records/store.ts";

const PLACE = { owner: "me", id: "s" };

/** A stream of two frames as another instance sees it, whose storage a test may take away. */
async function setUp() {
  const memory = createMemoryStore({ now: Date.now, limit: 1e6 });
  const writer = await createStreamLog(memory, PLACE, {
    ...{ now: Date.now, expireIn: 60_000, lifetime: 60_000 },
    ...{ dialect: "openai_chat", contentType: "text/event-stream" },
  });
  await writer?.append(["a", "b"]);
  const away = { degraded: undefined as string | undefined };
  const store: Store = {
    ...memory,
    state: () => ({ mode: "kv", ...away.degraded !== undefined && { degraded: away.degraded } }),
  };
  const feed = storedFeed({ store, place: PLACE, dialect: openaiChat, now: Date.now, expireIn: 60_000 });
  return { feed, memory, writer, away };
}

Deno.test("a stream that another instance writes is over with its last frame, and not before", async () => {
  const { feed, writer } = await setUp();
  assert.deepEqual(await feed.read(0), { frames: ["a", "b"], isEnded: false });
  await writer?.end("done");
  assert.deepEqual(await feed.read(1), { frames: ["b"], isEnded: true });
});

Deno.test("a stream that is gone has ended for who follows it, unless it is the storage that is away", async () => {
  const { feed, memory, away } = await setUp();
  await memory.delete(headKey(PLACE));
  assert.deepEqual(await feed.read(1), { frames: [], isEnded: true });
  away.degraded = "gone";
  await assert.rejects(feed.read(1), { kind: "overloaded" });
});

Deno.test("frames that are gone have expired for who wants them, unless it is the storage that is away", async () => {
  const { feed, memory, away } = await setUp();
  await memory.delete([...headKey(PLACE), 2]);
  await assert.rejects(feed.read(0), { kind: "not-found" });
  away.degraded = "gone";
  await assert.rejects(feed.read(0), { kind: "overloaded" });
});
