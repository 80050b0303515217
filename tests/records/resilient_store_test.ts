import assert from "node:assert/strict";
import { createStore } from "../../records/resilient_store.ts";
import { AWAY, inScene, isKv, USED, WARNING } from "./resilient_scene.ts";
import { countDeadlines } from "../../streaming/deadlines.ts";
import { testStore, until } from "./store_contract.ts";

const quiet = { info: () => {}, warn: () => {} };

testStore("resilient over KV", ({ now }) => createStore({ open: () => Deno.openKv(":memory:"), now, log: quiet }));
testStore("resilient without KV", ({ now }) => {
  const open = () => Promise.reject(new TypeError("Deno.openKv is not a function"));
  return createStore({ open, now, log: quiet });
});
testStore("resilient by choice in memory", ({ now }) => createStore({ now, log: quiet }));

Deno.test("KV is opened when the store is first used, once for all who use it", () =>
  inScene(async ({ store, opened, logged }) => {
    assert.deepEqual(store.state(), { mode: "memory", degraded: "Deno KV is not open yet" });
    assert.equal(opened(), 0);
    await Promise.all([store.get(["a"]), store.set(["b"], 1), store.list([], { limit: 1 })]);
    assert.equal(opened(), 1);
    assert.deepEqual(store.state(), { mode: "kv" });
    assert.equal((await store.get(["b"]))?.value, 1);
    assert.deepEqual(logged, [USED]);
  }));

Deno.test("a store that is never used opens nothing, also when it is closed", () =>
  inScene(async ({ store, opened }) => {
    await store.close();
    assert.equal(opened(), 0);
  }));

Deno.test("without KV all is in memory, with one warning however often it is tried, and later all is in KV", () =>
  inScene(async ({ store, fake, time, opened, logged }) => {
    fake.beforeOpen = () => Promise.reject(new Error("no database is assigned"));
    assert.equal(await store.set(["a"], 1), true);
    assert.equal((await store.get(["a"]))?.value, 1);
    assert.deepEqual(store.state(), AWAY);
    // Tried again after 30 seconds, 1 minute, 2, 4, 8 and from then on 10.
    for (
      const [minutes, tries] of [[0.5, 2], [0.5, 2], [0.5, 3], [2, 4], [4, 5], [8, 6], [9, 6], [1, 7], [10, 8]] as const
    ) {
      await time.pass(minutes * 60_000);
      await store.get(["a"]);
      await until(() => opened() >= tries);
      await time.pass(0);
      assert.equal(opened(), tries, `after ${minutes} more minutes`);
    }
    assert.deepEqual(logged, [WARNING]);
    fake.beforeOpen = () => Promise.resolve();
    await time.pass(600_000);
    assert.equal((await store.get(["a"]))?.value, 1, "what is read meanwhile is in memory");
    await until(() => isKv(store));
    assert.equal((await store.get(["a"]))?.value, 1);
    assert.deepEqual(logged, [WARNING, USED]);
  }));

Deno.test("a KV that is slow to open delays the first who ask by two seconds, nobody else, and is used later", () =>
  inScene(async ({ store, fake, time, opened }) => {
    let arrive = () => {};
    fake.beforeOpen = () => new Promise((resolve) => arrive = resolve);
    let done = 0;
    const first = [store.set(["a"], 1), store.get(["b"])].map((work) => work.then(() => done++));
    await time.pass(1_999);
    assert.equal(done, 0);
    await time.pass(1);
    await Promise.all(first);
    assert.deepEqual(store.state(), AWAY);
    await time.pass(30_000);
    assert.equal((await store.get(["a"]))?.value, 1, "while it is waited for again, nobody waits");
    arrive();
    await until(() => isKv(store));
    assert.equal((await store.get(["a"]))?.value, 1);
    assert.equal(opened(), 1, "what was slow is used, not opened anew");
  }));

Deno.test("a KV that is still being opened when the store is closed is closed when it comes", () =>
  inScene(async ({ store, fake, time }) => {
    let arrive = () => {};
    fake.beforeOpen = () => new Promise((resolve) => arrive = resolve);
    const first = store.get(["a"]);
    const closing = store.close();
    await time.pass(2_000);
    await Promise.all([first, closing]);
    arrive();
    await until(() => fake.closed > 0);
    await assert.rejects(fake.kv.get(["a"]), /Bad resource/);
  }));

Deno.test("a KV that hangs delays each call that is at it by two seconds, and no later one", () =>
  inScene(async ({ store, fake, time, logged }) => {
    await store.set(["a"], "in KV");
    fake.trouble = "hangs";
    const calls = Promise.all([
      store.get(["a"]),
      store.set(["b"], 1),
      store.setAll([{ key: ["c"], value: 2 }]),
      store.list(["x"], { limit: 1 }),
      store.add(["n"], 5),
      store.delete(["a"]),
    ]);
    await time.pass(2_000);
    assert.deepEqual(await calls, [undefined, true, undefined, [], undefined, undefined]);
    assert.deepEqual(store.state(), AWAY);
    assert.equal((await store.get(["b"]))?.value, 1);
    assert.equal((await store.get(["c"]))?.value, 2);
    assert.equal(await store.counter(["n"]), 5);
    await time.pass(30_000);
    const before = fake.calls;
    assert.equal((await store.get(["b"]))?.value, 1, "a try that hangs delays nobody");
    await until(() => fake.calls > before);
    assert.equal((await store.get(["b"]))?.value, 1);
    await time.pass(2_000);
    assert.deepEqual(logged, [USED, WARNING]);
  }));

Deno.test("all writes that KV was at as it was given up are in it when it is back, not only the one that noticed", () =>
  inScene(async ({ store, fake, time, tryAgain }) => {
    await store.set(["a"], "in KV");
    fake.trouble = "hangs";
    const writes = [
      store.set(["b"], 1),
      store.setAll([{ key: ["c"], value: 2 }]),
      store.add(["n"], 5),
      store.delete(["a"]),
    ];
    await time.pass(2_000);
    await Promise.all(writes);
    fake.trouble = "none";
    await tryAgain();
    await until(() => isKv(store));
    assert.equal((await store.get(["b"]))?.value, 1);
    assert.equal((await store.get(["c"]))?.value, 2);
    assert.equal(await store.counter(["n"]), 5);
    assert.equal(await store.get(["a"]), undefined);
  }));

Deno.test("who watches is told in memory and in KV alike, and when KV is back", () =>
  inScene(async ({ store, fake, tryAgain }) => {
    let calls = 0;
    const changes = async (change: () => Promise<unknown>) => {
      const before = calls;
      await change();
      await until(() => calls > before);
    };
    const stop = store.watch([["k"]], () => calls++);
    store.watch([["k"]], () => calls += 1_000)();
    await changes(() => until(() => isKv(store)));
    await changes(() => store.set(["k"], 1));
    fake.trouble = "throws";
    const before = calls;
    await store.get(["other"]);
    assert.deepEqual(store.state(), AWAY);
    assert.equal(calls, before, "nobody is to read anew what memory does not have");
    await changes(() => store.set(["k"], 2));
    fake.trouble = "none";
    await changes(tryAgain);
    await until(() => isKv(store));
    await changes(() => store.set(["k"], 3));
    stop();
    const last = calls;
    await store.set(["k"], 4);
    await store.get(["k"]);
    assert.equal(calls, last);
    assert(calls < 1_000, "who stopped is not called in another store");
  }));

Deno.test("who watches leaves nothing behind in a store that is given up, however often KV goes silent and comes back", () =>
  inScene(async ({ store, fake, time, tryAgain }) => {
    let listening = 0;
    fake.watch = () => {
      listening++;
      return new ReadableStream({ cancel: () => void listening-- });
    };
    await store.get(["any"]);
    const stops = Array.from({ length: 12 }, (_, at) => store.watch([["k", at]], () => {}));
    const idle = async () => {
      await until(() => fake.busy === 0);
      await time.pass(0);
    };
    for (let turn = 0; turn < 6; turn++) {
      await idle();
      assert.deepEqual([listening, countDeadlines()], [12, 12], `each is told, and looks again, in turn ${turn}`);
      fake.trouble = "hangs";
      const silent = store.get(["any"]);
      // Whoever stops watching meanwhile, and whoever begins to, is moved with all others.
      stops.shift()!();
      stops.push(store.watch([["k", turn]], () => {}));
      await time.pass(4_000);
      await silent;
      assert.deepEqual(store.state(), AWAY);
      await until(() => listening === 0);
      assert.equal(countDeadlines(), 0, `memory tells by itself, in turn ${turn}`);
      fake.trouble = "none";
      await tryAgain();
      await until(() => isKv(store));
    }
    await idle();
    for (const stop of stops) stop();
    await until(() => listening === 0);
    assert.equal(countDeadlines(), 0);
  }, { pollInterval: 2_000 }));

Deno.test("the caller's mistakes are no failures of KV", () =>
  inScene(async ({ store, logged }) => {
    await store.get(["a"]);
    await assert.rejects(store.set(["f"], () => {}), /JSON has no form/);
    await assert.rejects(store.list(["a"], { limit: 1, after: ["b"] }), /Cannot list/);
    assert.deepEqual(store.state(), { mode: "kv" });
    assert.deepEqual(logged, [USED]);
  }));

Deno.test("a closed store opens nothing again, and harms nobody", () =>
  inScene(async ({ store, opened, time }) => {
    await store.set(["a"], 1);
    await store.close();
    await time.pass(1_000_000);
    assert.equal(await store.get(["a"]), undefined);
    assert.equal(opened(), 1);
    await store.close();
  }));

Deno.test("memory is bounded while KV is away, too", () =>
  inScene(async ({ store, fake }) => {
    fake.trouble = "throws";
    for (let at = 0; at < 20; at++) await store.set(["k", at], "x".repeat(1_000));
    assert.equal((await store.list(["k"], { limit: 100 })).length, 8);
  }, { limit: 10_000 }));

Deno.test("a database that nobody named and that cannot be opened does not exist; one that was there before is away", () =>
  inScene(async ({ store, fake, tryAgain }) => {
    fake.beforeOpen = () => Promise.reject(new Error("no database is assigned"));
    await store.get(["a"]);
    assert.deepEqual(store.state(), { mode: "memory", missing: "There is no Deno KV" });
    fake.beforeOpen = () => Promise.resolve();
    await tryAgain();
    await until(() => isKv(store));
    fake.trouble = "throws";
    await store.get(["a"]);
    fake.beforeOpen = () => Promise.reject(new Error("no database is assigned"));
    await tryAgain();
    assert.deepEqual(store.state(), AWAY);
  }, { isOptional: true }));

Deno.test("a database that nobody named and that is silent is away, not missing", () =>
  inScene(async ({ store, fake, time }) => {
    fake.beforeOpen = () => new Promise(() => {});
    const read = store.get(["a"]);
    await time.pass(2_000);
    await read;
    assert.deepEqual(store.state(), AWAY);
  }, { isOptional: true }));
