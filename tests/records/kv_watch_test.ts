import assert from "node:assert/strict";
import { createKvStore } from "../../records/kv_store.ts";
import { inFakeTime } from "../support/fake_time.ts";
import { fakeKv, withStore } from "./fake_kv.ts";
import { until } from "./store_contract.ts";

/** As in a file that another process writes to: it tells nothing of that. */
const silent: Deno.Kv["watch"] = () => new ReadableStream();

Deno.test("what kv.watch does not tell is found by looking", () =>
  withStore(async (store, fake) => {
    fake.watch = silent;
    let calls = 0;
    const stop = store.watch([["k"], ["l"]], () => calls++);
    await until(() => calls === 1);
    await store.set(["l"], 1);
    await until(() => calls === 2);
    stop();
  }, 1));

const broken: Deno.Kv["watch"] = () => {
  throw new Error("not supported");
};

for (const [why, watch] of [["is missing", undefined], ["fails", broken]] as const) {
  Deno.test(`where kv.watch ${why}, changes are found by looking, also after KV was away`, async () => {
    await inFakeTime(async (time) => {
      const fake = fakeKv(await Deno.openKv(":memory:"));
      fake.watch = watch;
      const store = createKvStore(fake.kv, { now: Date.now });
      let calls = 0;
      const stop = store.watch([["k"]], () => calls++);
      // KV answers from its own threads, where no time passes.
      const turn = async () => {
        await time.pass(2_000);
        for (let round = 0; round < 20; round++) await store.counter(["n"]).catch(() => {});
      };
      await turn();
      const begun = calls;
      await store.set(["k"], 1);
      await turn();
      assert.equal(calls, begun + 1);
      await turn();
      assert.equal(calls, begun + 1, "nothing changed");
      fake.trouble = "throws";
      await turn();
      fake.trouble = "none";
      await store.delete(["k"]);
      await turn();
      assert.equal(calls, begun + 2);
      stop();
      await store.set(["k"], 2);
      await turn();
      assert.equal(calls, begun + 2);
      await store.close();
    });
  });
}

Deno.test("who stops at once is not called, whatever KV was about to tell", () =>
  withStore(async (store, fake) => {
    fake.watch = () => new ReadableStream({ pull: (controller) => controller.enqueue([] as never) });
    let calls = 0;
    for (let turn = 0; turn < 10; turn++) {
      const stop = store.watch([["k"]], () => calls++);
      for (let tick = 0; tick < turn; tick++) await Promise.resolve();
      stop();
      const before = calls;
      for (let round = 0; round < 5; round++) await store.counter(["n"]);
      assert.equal(calls, before);
    }
  }, 1));

Deno.test("no more than ten keys are watched at once", () =>
  withStore(async (store, fake) => {
    const counts: number[] = [];
    fake.watch = (keys) => {
      counts.push(keys.length);
      return new ReadableStream();
    };
    store.watch(Array.from({ length: 25 }, (_, at) => ["k", at]), () => {});
    await store.counter(["n"]);
    assert.deepEqual(counts, [10, 10, 5]);
  }));

Deno.test("closing waits for what ends later", async () => {
  let isOver = false;
  await withStore(async (store, fake) => {
    fake.watch = () =>
      new ReadableStream({
        async cancel() {
          await new Promise((resolve) => setTimeout(resolve, 5));
          isOver = true;
        },
      });
    store.watch([["k"]], () => {});
    await store.counter(["n"]);
  });
  assert(isOver);
});

Deno.test("closing ends what is watched, and leaves nothing running", async () => {
  for (const pollInterval of [0, 1_000]) {
    let calls = 0;
    await withStore(async (store) => {
      store.watch(Array.from({ length: 25 }, (_, at) => ["k", at]), () => calls++);
      await until(() => calls > 0);
    }, pollInterval);
  }
});
