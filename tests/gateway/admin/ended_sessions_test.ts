/** Tests of sessions that were ended, as several instances know them. */

import assert from "node:assert/strict";
import { SESSION_LENGTH } from "../../../dashboard/mod.tsx";
import { createEndedSessions } from "../../../gateway/admin/ended_sessions.ts";
import { createMemoryStore } from "../../../records/memory_store.ts";
import type { Store } from "../../../records/store.ts";

function scene() {
  const clock = { now: 1_800_000_000_000, reads: 0, isAway: false };
  const now = () => clock.now;
  const memory = createMemoryStore({ now, limit: 1_000_000 });
  const store: Store = {
    ...memory,
    async get(key) {
      clock.reads++;
      return clock.isAway ? undefined : await memory.get(key);
    },
  };
  return { clock, instance: () => createEndedSessions({ store, now }) };
}

Deno.test("a session that was ended at one instance is over at every other, for as long as a token of it could be good", async () => {
  const { clock, instance } = scene();
  const [here, there] = [instance(), instance()];
  await here.add("a");
  assert.deepEqual([await here.has("a"), await there.has("a"), await there.has("b")], [true, true, false]);
  clock.now += SESSION_LENGTH - 1;
  assert.equal(await instance().has("a"), true);
  clock.now += 1;
  assert.equal(await instance().has("a"), false);
});

Deno.test("what an instance has learned it does not ask the storage again", async () => {
  const { clock, instance } = scene();
  const [here, there] = [instance(), instance()];
  await here.add("a");
  await here.has("a");
  assert.equal(clock.reads, 0);
  await there.has("a");
  await there.has("a");
  assert.equal(clock.reads, 1);
});

Deno.test("while the storage is away an instance knows what it has seen, and lets in whoever was logged out elsewhere", async () => {
  const { clock, instance } = scene();
  const [here, there] = [instance(), instance()];
  await here.add("a");
  clock.isAway = true;
  assert.deepEqual([await here.has("a"), await there.has("a")], [true, false]);
  clock.isAway = false;
  assert.equal(await there.has("a"), true);
});
