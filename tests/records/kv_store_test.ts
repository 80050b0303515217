import assert from "node:assert/strict";
import { createKvStore } from "../../records/kv_store.ts";
import { inFakeTime } from "../support/fake_time.ts";
import { type FakeKv, fakeKv, withStore } from "./fake_kv.ts";
import { testStore, until } from "./store_contract.ts";

const now = () => 1_700_000_000_000;

testStore("KV", async ({ now }) => createKvStore(await Deno.openKv(":memory:"), { now }));

/** Everything that lies in the database, whatever its key. */
async function entriesIn({ kv }: FakeKv): Promise<Deno.KvKey[]> {
  const keys: Deno.KvKey[] = [];
  for await (const { key } of kv.list({ start: [], end: [true] })) keys.push(key);
  return keys;
}

const big = (letter: string, size = 300_000) => letter.repeat(size);

Deno.test("who reads a big value while it is replaced, again and again, gets the old or the new one", () =>
  withStore(async (store) => {
    const values = ["a", "b", "c"].map((letter, at) => big(letter, 1_000_000 - at * 200_000));
    await store.set(["k"], values[0]);
    let isWriting = true;
    const write = async () => {
      for (let turn = 0; turn < 30; turn++) await store.set(["k"], values[turn % 3]);
      isWriting = false;
    };
    const seen = new Set<unknown>();
    const read = async () => {
      while (isWriting) {
        const value = (await store.get(["k"]))?.value;
        assert(values.some((whole) => whole === value), `read ${String(value).length} characters`);
        seen.add(value);
      }
    };
    await Promise.all([write(), read(), read()]);
    assert(seen.size > 1, "readers and writer did meet");
  }));

Deno.test("a value that is replaced between the reading of its head and of its parts is read anew", () =>
  withStore(async (store, fake) => {
    await store.set(["k"], big("a"));
    let turns = 0;
    fake.beforeList = async () => {
      if (turns++ < 3) await store.set(["k"], big("b", 300_000 + turns));
    };
    assert.equal((await store.get(["k"]))?.value, big("b", 300_003));
    turns = 0;
    assert.deepEqual((await store.list([], { limit: 1 })).map(({ value }) => value), [big("b", 300_003)]);
    fake.beforeList = () => store.delete(["k"]);
    assert.equal(await store.get(["k"]), undefined, "and where it is deleted meanwhile, there is none");
  }));

Deno.test("a value whose parts are lost is not there, and a page is filled up past it", () =>
  withStore(async (store, fake) => {
    await store.set(["k", 1], big("a"));
    await store.set(["k", 2], "b");
    const [part] = (await entriesIn(fake)).filter(([root]) => root !== "anystream");
    await fake.kv.atomic().delete(part ?? []).commit();
    assert.equal(await store.get(["k", 1]), undefined);
    assert.deepEqual((await store.list(["k"], { limit: 1 })).map(({ key }) => key), [["k", 2]]);
    assert.equal(await store.set(["k", 1], "again"), true);
  }));

Deno.test("nothing of a big value stays behind when it is replaced, deleted, or refused by its check", () =>
  withStore(async (store, fake) => {
    const count = async () => (await entriesIn(fake)).length;
    // 1 MB does not fit into one transaction.
    for (const size of [300_000, 1_000_000]) {
      await store.set(["k"], big("a", size));
      const parts = await count();
      assert(parts > size / 65_536);
      await store.set(["k"], big("b", size));
      assert.equal(await count(), parts);
      assert.equal(await store.set(["k"], big("c", size), { check: null }), false);
      assert.equal(await count(), parts);
      assert.equal((await store.get(["k"]))?.value, big("b", size));
      await store.setAll([{ key: ["k"], value: "small" }]);
      assert.equal(await count(), 1);
      await store.setAll([{ key: ["k"], value: big("d", size) }]);
      await store.delete(["k"]);
      assert.equal(await count(), 0);
      await Promise.all(["a", "b", "c"].map((letter) => store.set(["k"], big(letter, size))));
      assert.equal(await count(), parts, "of several writers at once, the parts of one");
      await store.delete(["k"]);
    }
  }));

Deno.test("a write is done even where the parts of the old value cannot be removed", () =>
  withStore(async (store, fake) => {
    await store.set(["k"], big("a"));
    const atomic = fake.kv.atomic.bind(fake.kv);
    let commits = 0;
    const real = fake.kv;
    const failing = new Proxy(real, {
      get(target, name: keyof Deno.Kv) {
        if (name !== "atomic") return target[name];
        return () => {
          const operation = atomic();
          if (++commits > 1) operation.commit = () => Promise.reject(new Error("gone"));
          return operation;
        };
      },
    });
    assert.equal(await createKvStore(failing, { now }).set(["k"], "b"), true);
    assert.equal((await store.get(["k"]))?.value, "b");
  }));

Deno.test("transactions stay within KV's limits, with the longest keys and the largest values, too", () =>
  withStore(async (store) => {
    const long = (at: number) => ["k", `${at}`.padStart(1_900, "-")];
    await store.setAll(Array.from({ length: 150 }, (_, at) => ({ key: long(at), value: at })));
    await store.setAll(Array.from({ length: 40 }, (_, at) => ({ key: ["v", at], value: "x".repeat(63_000) })));
    assert.equal((await store.list(["k"], { limit: 1_000 })).length, 150);
    assert.equal((await store.list(["v"], { limit: 1_000 })).length, 40);
    for (let size = 63_980; size < 65_600; size += 10) await store.set(["v", "edge", size], "x".repeat(size));
    const parts = 40_000_000;
    await store.set(["k"], "x".repeat(parts));
    assert.equal((await store.get<string>(["k"]))?.value.length, parts);
    await store.delete(["k"]);
  }));

Deno.test("a group that meets another writer is written whole, once", () =>
  withStore(async (store) => {
    const write = (value: string) => store.setAll(Array.from({ length: 100 }, (_, at) => ({ key: ["g", at], value })));
    await Promise.all(["a", "b", "c"].map(write));
    const values = (await store.list(["g"], { limit: 100 })).map(({ value }) => value);
    assert.equal(new Set(values).size, 1, "a transaction is never mixed with another");
  }));

Deno.test("what the storage cannot hold in time is told as its failure", async () => {
  await inFakeTime(async (time) => {
    const fake = fakeKv(await Deno.openKv(":memory:"));
    const store = createKvStore(fake.kv, { now, timeout: 2_000 });
    fake.trouble = "hangs";
    const calls = [
      store.get(["k"]),
      store.set(["k"], 1),
      store.list([], { limit: 1 }),
      store.add(["n"], 1),
      store.delete(["k"]),
    ];
    const refused = Promise.all(calls.map((call) => assert.rejects(call, /silent for 2000 ms/)));
    await time.pass(2_000);
    await refused;
    await store.close();
  });
});

Deno.test("two stores on one file see each other, and what the other watches", async () => {
  const folder = await Deno.makeTempDir();
  const open = async () => createKvStore(await Deno.openKv(`${folder}/kv.sqlite3`), { now });
  const [mine, yours] = await Promise.all([open(), open()]);
  try {
    let calls = 0;
    mine.watch([["shared"]], () => calls++);
    await until(() => calls === 1);
    await yours.set(["shared"], big("a"));
    await until(() => calls > 1);
    assert.equal((await mine.get(["shared"]))?.value, big("a"));
    await Promise.all([mine, yours].flatMap((store) => Array.from({ length: 20 }, () => store.add(["n"], 1))));
    assert.deepEqual(await Promise.all([mine.counter(["n"]), yours.counter(["n"])]), [40, 40]);
    const version = (await yours.get(["shared"]))?.version ?? "";
    await mine.set(["shared"], "b");
    assert.equal(await yours.set(["shared"], "c", { check: version }), false);
  } finally {
    await Promise.all([mine.close(), yours.close()]);
    await Deno.remove(folder, { recursive: true });
  }
});
