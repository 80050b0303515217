import assert from "node:assert/strict";
import { createMemoryStore } from "../../../records/memory_store.ts";
import { createStreamLog, readHead } from "../../../records/stream_log.ts";
import { createStreams } from "../../../gateway/streams/streams.ts";
import { configOf } from "../../support/config.ts";

const PLACE = { owner: "me", id: "s" };

Deno.test("a stream that another instance writes is asked to stop there, and what there is of it is kept", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e6 });
  const elsewhere = await createStreamLog(store, PLACE, {
    ...{ now: Date.now, expireIn: 60_000, lifetime: 60_000 },
    ...{ dialect: "openai_chat", contentType: "text/event-stream" },
  });
  await elsewhere?.append(["a"]);
  const log = { debug: assert.fail, info: assert.fail, warn: assert.fail, error: assert.fail };
  const closing = new AbortController().signal;
  const streams = createStreams({ store, config: configOf({}), now: Date.now, closing, log });
  assert.equal(await elsewhere?.beat(), true);
  await streams.stop(PLACE);
  assert.equal(await elsewhere?.beat(), false);
  assert.equal((await readHead(store, PLACE))?.frames, 1);
});
