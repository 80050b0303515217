import assert from "node:assert/strict";
import { createStoredKeys, type StoredKey, type StoredKeys } from "../../../gateway/keys/stored_keys.ts";
import { createKvStore } from "../../../records/kv_store.ts";
import { createMemoryStore } from "../../../records/memory_store.ts";
import type { Store } from "../../../records/store.ts";

const KEY: StoredKey = {
  id: "key_1",
  name: "phone",
  digest: "d1",
  prefix: "sk-any-abcd",
  limits: {},
  createdAt: 1,
};

function keysIn(store: Store, closing = new AbortController()): StoredKeys {
  return createStoredKeys({ store, now: Date.now, closing: closing.signal });
}

async function eventually(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && !isSo(); attempt++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(isSo());
}

Deno.test("StoredKeys knows a key at once where it was written, and everywhere else soon after", async () => {
  const directory = await Deno.makeTempDir();
  const closing = new AbortController();
  const stores = await Promise.all(
    [1, 2].map(async () => createKvStore(await Deno.openKv(`${directory}/kv`), { now: Date.now, pollInterval: 20 })),
  );
  try {
    const [here, there] = stores.map((store) => keysIn(store, closing)) as [StoredKeys, StoredKeys];
    await there.ready();
    assert.deepEqual(there.all(), []);
    await here.add(KEY);
    assert.deepEqual(here.byDigest("d1"), KEY);
    await eventually(() => there.byDigest("d1")?.name === "phone");
    await here.add({ ...KEY, disabled: true });
    await eventually(() => there.byDigest("d1")?.disabled === true);
    await here.remove("key_1");
    assert.equal(here.byDigest("d1"), undefined);
    await eventually(() => there.all().length === 0);
  } finally {
    closing.abort();
    await Promise.all(stores.map((store) => store.close()));
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("StoredKeys keeps what it knows while the storage is away, and changes none of it", async () => {
  const memory = createMemoryStore({ now: Date.now, limit: 1e6 });
  let isAway = false;
  let changed = () => {};
  const store: Store = {
    ...memory,
    state: () => ({ mode: "memory", ...(isAway && { degraded: "gone" }) }),
    watch(_keys, callback) {
      changed = callback;
      return () => {};
    },
    list: (prefix, options) => !isAway ? memory.list(prefix, options) : Promise.resolve([]),
  };
  const keys = keysIn(store);
  await keys.add(KEY);
  isAway = true;
  changed();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(keys.all(), [KEY]);
  // It would be changed in memory alone, as long as this instance lives.
  await assert.rejects(keys.change(KEY.id, (key) => ({ ...key, disabled: true })), { kind: "overloaded" });
  assert.deepEqual(keys.all(), [KEY]);
});

Deno.test("StoredKeys refuses to change keys it has never seen", async () => {
  const memory = createMemoryStore({ now: Date.now, limit: 1e6 });
  const keys = keysIn({ ...memory, state: () => ({ mode: "memory", degraded: "gone" }) });
  assert.equal(keys.areKnown(), false);
  await assert.rejects(keys.add(KEY), { kind: "overloaded" });
});

Deno.test("StoredKeys reads more keys than one page", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e8 });
  const writer = keysIn(store);
  for (let at = 0; at < 501; at++) {
    await store.set(["client-keys", "key", `k${at}`], { ...KEY, id: `k${at}`, digest: `d${at}` });
  }
  await writer.ready();
  assert.equal(writer.all().length, 501);
});

Deno.test("StoredKeys does not know a removed key again by a look at the storage that began before", async () => {
  const memory = createMemoryStore({ now: Date.now, limit: 1e6 });
  let changed = () => {};
  let held: Promise<void> | undefined;
  const store: Store = {
    ...memory,
    async list(prefix, options) {
      const found = await memory.list<never>(prefix, options);
      await held;
      return found;
    },
    watch(_keys, callback) {
      changed = callback;
      return () => {};
    },
  };
  const keys = keysIn(store, new AbortController());
  await keys.add(KEY);
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  changed();
  await Promise.resolve();
  await keys.remove(KEY.id);
  held = undefined;
  resolve();
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.equal(keys.byDigest(KEY.digest), undefined);
  }
});

Deno.test("a change made here is made of what another instance left of the key, known here or not", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e6 });
  const [here, there] = [keysIn({ ...store, watch: () => () => {} }), keysIn(store)];
  await here.add(KEY);
  await there.ready();
  await there.change("key_1", (key) => ({ ...key, digest: "d2" }));
  assert.equal(here.byDigest("d1")?.name, "phone", "not known here yet");
  const changed = await here.change("key_1", (key) => ({ ...key, name: "tablet" }));
  assert.deepEqual([changed?.digest, changed?.name], ["d2", "tablet"]);
  assert.equal(here.byDigest("d1"), undefined);
  await there.remove("key_1");
  assert.equal(await here.change("key_1", (key) => ({ ...key, name: "watch" })), undefined);
  assert.deepEqual(await store.list(["client-keys", "key"], { limit: 9 }), []);
});

Deno.test("a key that was deleted while it was changed lets nobody in", async () => {
  const memory = createMemoryStore({ now: Date.now, limit: 1e6 });
  const { promise, resolve } = Promise.withResolvers<void>();
  let isHeld = false;
  const store: Store = {
    ...memory,
    async set(...change) {
      const done = await memory.set(...change);
      if (isHeld && change[0][1] === "key") await promise;
      return done;
    },
    watch: () => () => {},
  };
  const keys = keysIn(store);
  await keys.add(KEY);
  isHeld = true;
  const changing = keys.change(KEY.id, (key) => ({ ...key, name: "tablet" }));
  while ((await memory.get<StoredKey>(["client-keys", "key", KEY.id]))?.value.name !== "tablet");
  await keys.remove(KEY.id);
  resolve();
  await changing;
  assert.equal(keys.byDigest(KEY.digest), undefined);
});
