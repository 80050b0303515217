import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { testStore } from "./store_contract.ts";

testStore("memory", ({ now }) => createMemoryStore({ now, limit: 100_000_000 }));

const keysOf = async (store: ReturnType<typeof createMemoryStore>) =>
  (await store.list([], { limit: 100 })).map(({ key }) => key[0]);

Deno.test("memory is bounded: the oldest written go first, a rewritten one is young again", async () => {
  const store = createMemoryStore({ now: () => 1, limit: 5_000 });
  for (const key of ["a", "b", "c", "d"]) await store.set([key], "x".repeat(1_000));
  await store.set(["a"], "y".repeat(1_000));
  await store.set(["e"], "x".repeat(1_000));
  assert.deepEqual(await keysOf(store), ["a", "c", "d", "e"]);
});

Deno.test("what expires is pushed out before what stays, and what stays by what stays", async () => {
  const store = createMemoryStore({ now: () => 1, limit: 5_000 });
  await store.set(["setting"], "x".repeat(1_000));
  for (const key of ["a", "b", "c", "d", "e"]) await store.set([key], "x".repeat(1_000), { expireIn: 1_000 });
  assert.deepEqual(await keysOf(store), ["c", "d", "e", "setting"]);
  for (const key of ["f", "g", "h", "i"]) await store.set([key], "x".repeat(1_000));
  assert.deepEqual(await keysOf(store), ["f", "g", "h", "i"]);
});

Deno.test("a value that is larger than all there may be is not kept, and pushes nothing out", async () => {
  const store = createMemoryStore({ now: () => 1, limit: 5_000 });
  await store.set(["a"], "x");
  await store.set(["big"], "x");
  await store.set(["big"], "x".repeat(10_000));
  assert.deepEqual(await keysOf(store), ["a"]);
});

Deno.test("what was deleted or replaced makes room", async () => {
  const store = createMemoryStore({ now: () => 1, limit: 5_000 });
  await store.set(["a"], "x");
  for (let turn = 0; turn < 100; turn++) {
    await store.set(["b"], "x".repeat(2_000 + turn));
    if (turn % 2 === 0) await store.delete(["b"]);
  }
  assert.deepEqual(await keysOf(store), ["a", "b"]);
});

Deno.test("a version from before a restart holds for nothing after it", async () => {
  const versionAt = async (time: number) => {
    const store = createMemoryStore({ now: () => time, limit: 5_000 });
    await store.set(["a"], "x");
    return (await store.get(["a"]))?.version;
  };
  assert.notEqual(await versionAt(1_000), await versionAt(2_000));
});

Deno.test("memory refuses to count where a value is", async () => {
  const store = createMemoryStore({ now: () => 1, limit: 5_000 });
  await store.set(["a"], 1);
  await assert.rejects(store.add(["a"], 1), /Cannot add to a key as it holds a value/);
});

Deno.test("who stops watching right after a change is not called for it", async () => {
  const store = createMemoryStore({ now: () => 1, limit: 5_000 });
  let calls = 0;
  const stop = store.watch([["a"]], () => calls++);
  const written = store.set(["a"], 1);
  stop();
  await written;
  assert.equal(calls, 0);
});
