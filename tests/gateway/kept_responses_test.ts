import assert from "node:assert/strict";
import { createKeptResponses } from "../../gateway/responses/kept_responses.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import { responseKey, type ResponseRecord } from "../../records/response_record.ts";

const ITEM = { type: "message", id: "msg_1", role: "user", content: "Hi" };

function answer(id: string): ResponseRecord {
  return { response: { id, output: [] }, input: [ITEM], before: [] };
}

Deno.test("an item is found in any answer that has it, though another one of them was deleted halfway", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e6 });
  const kept = createKeptResponses({ store, expireIn: 1e6 });
  for (const id of ["a", "b"]) await kept.keep("me", answer(id));
  await store.delete(responseKey("me", "a"));
  assert.deepEqual(await kept.item("me", "msg_1"), ITEM);
  assert.equal(await kept.item("me", "msg_2"), undefined);
  assert.equal(await kept.item("you", "msg_1"), undefined);
});
