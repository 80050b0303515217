/** While the storage is away nobody is told that what is in it does not exist, or has ended. */

import assert from "node:assert/strict";
import { responseKey } from "../../records/response_record.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import { createStreamLog } from "../../records/stream_log.ts";
import type { Store } from "../../records/store.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { type MockUpstream, startMockUpstream } from "../support/mock_upstream.ts";
import { textStream } from "../support/openai_frames.ts";
import { eventually, resume } from "../support/resume.ts";

/** What the second gateway sees. */
interface View {
  isAway: boolean;
  /** What was seen before it went away, in the middle of a request. */
  seen?: string;
}

interface Scene {
  /** Two gateways on one storage, of which the second loses it. */
  first: TestGateway;
  second: TestGateway;
  upstream: MockUpstream;
  /** What the second has. */
  view: View;
  store: Store;
}

function inScene(name: string, test: (scene: Scene) => Promise<void>): void {
  Deno.test(name, async () => {
    const upstream = startMockUpstream();
    const store = createMemoryStore({ now: Date.now, limit: 1e8 });
    const view: View = { isAway: false };
    const first = startGateway({ upstream, store });
    const second = startGateway({ upstream, store: seenThrough(store, view) });
    try {
      await test({ first, second, upstream, view, store });
    } finally {
      await first.close();
      await second.close();
      await upstream.close();
    }
  });
}

/** As a gateway sees it that fell back to its memory, which is empty. */
function seenThrough(store: Store, view: View): Store {
  return {
    ...store,
    get: (key) => view.isAway && key[0] !== view.seen ? Promise.resolve(undefined) : store.get(key),
    list: (prefix, options) => view.isAway ? Promise.resolve([]) : store.list(prefix, options),
    state: () => ({ mode: "kv", ...(view.isAway && { degraded: "Deno KV cannot be used" }) }),
  };
}

const [RESPONSES] = responseKey("", "any") as [string];
const PLACE = { owner: "", id: "stream-1" };

function beginStream(store: Store) {
  return createStreamLog(store, PLACE, {
    ...{ now: Date.now, expireIn: 60_000, lifetime: 60_000 },
    ...{ dialect: "openai_chat", contentType: "text/event-stream" },
  });
}

inScene("a stream that cannot be looked for is no unknown one", async ({ second, view, store }) => {
  const writer = await beginStream(store);
  await writer?.append(["data: 1\n\n"]);
  await writer?.end("done");
  view.isAway = true;
  const response = await resume(second, PLACE.id, 0);
  assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "5"]);
  await response.body?.cancel();
  view.isAway = false;
  assert.equal(await (await resume(second, PLACE.id, 0)).text(), "id: 1\ndata: 1\n\n");
  assert.equal(
    (await resume(second, "stream-2", 0).then(async (other) => (await other.body?.cancel(), other))).status,
    404,
  );
});

inScene(
  "whoever follows a stream when the storage goes away is not told that it ended",
  async ({ second, view, store }) => {
    const writer = await beginStream(store);
    await writer?.append(["data: 1\n\n"]);
    const response = await resume(second, PLACE.id, 0);
    const reader = response.body!.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "id: 1\ndata: 1\n\n");
    view.isAway = true;
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    });
    view.isAway = false;
    await writer?.append(["data: 2\n\n"]);
    await writer?.end("done");
    assert.equal(await (await resume(second, PLACE.id, 1)).text(), "id: 2\ndata: 2\n\n");
  },
);

inScene(
  "an answer in the background is not given up by a gateway that cannot see it",
  async ({ first, second, upstream, view }) => {
    upstream.push({ kind: "stream", chunks: textStream("Hel", "lo"), delay: 200 });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ model: "up/up-model", input: "Hi", background: true });
    const { id } = await (await fetch(`${first.url}/v1/responses`, { method: "POST", headers, body })).json();
    const statusAt = async ({ url }: TestGateway) => {
      const response = await fetch(`${url}/v1/responses/${id}`);
      const { status } = await response.json();
      return response.status === 200 ? status : response.status;
    };
    assert.match(await statusAt(second), /queued|in_progress/);
    view.isAway = true;
    assert.equal(await statusAt(second), 503);
    view.seen = RESPONSES;
    assert.match(await statusAt(second), /queued|in_progress/);
    view.isAway = false;
    await eventually(async () => await statusAt(second) === "completed", "it is completed");
    assert.equal(await statusAt(first), "completed");
  },
);
