/** Tests of HEAD: it is answered as GET is, and nothing is held for the body that nobody reads. */

import assert from "node:assert/strict";
import { createStore } from "../../records/resilient_store.ts";
import type { Store } from "../../records/store.ts";
import { ADMIN, ADMIN_KEY } from "../support/admin.ts";
import { startGateway } from "../support/gateway.ts";
import { startMockUpstream } from "../support/mock_upstream.ts";
import { chunk, ROLE } from "../support/openai_frames.ts";
import { askResumable, eventually, readUntil, STREAM_FORMS } from "../support/resume.ts";

/** A store, and how many watch what it keeps of streams. */
function watched(): { store: Store; watchers: () => number } {
  const store = createStore({ now: Date.now, log: { info() {}, warn() {} } });
  let watchers = 0;
  return {
    watchers: () => watchers,
    store: {
      ...store,
      watch(keys, changed) {
        const isStream = keys.some(([first]) => first === "streams");
        const end = store.watch(keys, changed);
        if (isStream) watchers++;
        return () => {
          if (isStream) watchers--;
          end();
        };
      },
    },
  };
}

Deno.test("HEAD of a stream is answered with its headers, joins no reader, and leaves nothing that watches", async () => {
  const upstream = startMockUpstream();
  upstream.push({ kind: "stream", chunks: [ROLE, chunk({ content: "Hello" })], then: "hang" });
  const { store, watchers } = watched();
  const toml = "[streams]\nlinger = 50";
  const gateway = startGateway({ upstream, store, toml });
  const elsewhere = startGateway({ upstream, store, toml });
  try {
    const first = await askResumable(gateway, STREAM_FORMS.chat, { id: "one" });
    for (const { url } of [gateway, elsewhere]) {
      const head = await fetch(`${url}/v1/streams/one`, { method: "HEAD" });
      assert.equal(head.status, 200);
      assert.match(head.headers.get("content-type") ?? "", /^text\/event-stream/);
    }
    assert.equal(watchers(), 0);
    await readUntil(first, /Hello/);
    await eventually(() => upstream.requests[0]?.leftAt !== undefined, "the upstream is left");
  } finally {
    await gateway.close();
    await elsewhere.close();
    await store.close();
    await upstream.close();
  }
});

Deno.test("HEAD of what has a body that ends is answered as GET, without it", async () => {
  const gateway = startGateway({ env: { ADMIN_KEY } });
  try {
    for (const path of ["/", "/health", "/v1/models", "/admin/requests", "/dashboard"]) {
      const [head, get] = await Promise.all(
        ["HEAD", "GET"].map((method) => fetch(gateway.url + path, { method, headers: ADMIN })),
      );
      assert.deepEqual([head?.status, await head?.text()], [get?.status, ""], path);
      await get?.body?.cancel();
    }
  } finally {
    await gateway.close();
  }
});
