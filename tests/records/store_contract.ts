/** What every store must do, as tests to be run over each of them. */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import type { Store } from "../../records/store.ts";
import { LIST_RULES } from "./list_rules.ts";
import { VALUE_RULES } from "./value_rules.ts";

export interface Clock {
  now: () => number;
  /** Lets time pass. */
  pass(milliseconds: number): void;
}

export type Rules = Record<string, (store: Store, clock: Clock) => Promise<void>>;

type Make = (clock: Clock) => Store | Promise<Store>;

/** Registers a test of each rule; `make` gives an empty store. */
export function testStore(name: string, make: Make): void {
  for (const [rule, run] of Object.entries({ ...VALUE_RULES, ...LIST_RULES, ...OTHER_RULES })) {
    Deno.test(`${name}: ${rule}`, async () => {
      let time = 1_700_000_000_000;
      const clock = { now: () => time, pass: (milliseconds: number) => void (time += milliseconds) };
      const store = await make(clock);
      try {
        await run(store, clock);
      } finally {
        await store.close();
      }
    });
  }
}

const OTHER_RULES: Rules = {
  "counters add up, below zero as well, and nothing of concurrent additions is lost": async (store) => {
    assert.equal(await store.counter(["c", "a"]), 0);
    await Promise.all(Array.from({ length: 50 }, (_, at) => store.add(["c", "a"], at)));
    assert.equal(await store.counter(["c", "a"]), 1225);
    await store.add(["c", "b"], -5);
    assert.equal(await store.counter(["c", "b"]), -5);
    await store.add(["c", "b"], 7);
    await store.add(["c", "big"], Number.MAX_SAFE_INTEGER);
    const sums = (await store.list<number>(["c"], { limit: 10 })).map(({ key, value }) => [...key, value]);
    assert.deepEqual(sums, [["c", "a", 1225], ["c", "b", 2], ["c", "big", Number.MAX_SAFE_INTEGER]]);
    assert.equal((await store.get(["c", "b"]))?.value, 2);
    await store.delete(["c", "a"]);
    assert.equal(await store.counter(["c", "a"]), 0);
    await store.set(["c", "value"], 3);
    assert.equal(await store.counter(["c", "value"]), 0, "a value is no counter");
  },

  "bytes come back as the bytes they were, however many": async (store) => {
    for (const bytes of [new Uint8Array(), new Uint8Array([0, 1, 255]), new Uint8Array(150_000).fill(7)]) {
      await store.setAll([{ key: ["bytes"], value: bytes }]);
      assert.deepEqual((await store.get<Uint8Array>(["bytes"]))?.value, bytes);
      assert.deepEqual((await store.list<Uint8Array>([], { limit: 1 }))[0]?.value, bytes);
    }
  },

  "who watches a key is called when it is set, deleted or added to, and not after it stopped": async (store) => {
    const calls = { both: 0, other: 0, stopped: 0 };
    // Twelve keys: Deno KV watches ten at a time.
    const many = Array.from({ length: 10 }, (_, at) => ["many", at]);
    const stops = [
      store.watch([...many, ["w"], ["n"]], () => calls.both++),
      store.watch([["other"]], () => calls.other++),
    ];
    store.watch([["w"]], () => calls.stopped++)();
    await settle();
    const changes = [
      () => store.set(["w"], 1),
      () => store.set(["many", 3], "x".repeat(100_000)),
      () => store.setAll([{ key: ["w"], value: 2 }]),
      () => store.add(["n"], 1),
      () => store.delete(["w"]),
    ];
    for (const change of changes) {
      const before = calls.both;
      await change();
      await until(() => calls.both > before);
    }
    assert.ok(calls.other <= 2, "watching and looking may begin with a call, however late; no change makes one");
    stops.forEach((stop) => stop());
    const before = { ...calls };
    await store.set(["w"], 3);
    await store.set(["other"], 3);
    await settle();
    assert.deepEqual(calls, before);
    assert.equal(calls.stopped, 0);
  },

  "what the caller does wrong is refused, and changes nothing": async (store) => {
    await store.get(["opens what is opened late"]);
    const before = store.state();
    const long = ["x".repeat(3_000)];
    const nuls = ["\0".repeat(1_500)];
    for (
      const refused of [
        () => store.set([], 1),
        () => store.set(long, 1),
        () => store.setAll([{ key: long, value: 1 }]),
        () => store.set(nuls, 1),
        () => store.delete(long),
        () => store.add(long, 1),
        () => store.add(["n"], 0.5),
        () => store.set(["f"], () => {}),
        () => store.setAll([{ key: ["f"], value: { big: 1n } }]),
        () => store.list(["a"], { limit: 1, after: ["b", 1] }),
        () => store.list(["a"], { limit: 1, after: ["a"] }),
        () => store.list(["a"], { limit: 1, after: ["a", "x".repeat(3_000)] }),
        () => store.list(["a"], { limit: NaN }),
      ]
    ) await assert.rejects(refused, /Cannot|BigInt/, String(refused));
    for (const key of [long, nuls]) {
      assert.equal(await store.get(key), undefined);
      assert.equal(await store.counter(key), 0);
      assert.deepEqual(await store.list(key, { limit: 1 }), []);
    }
    assert.deepEqual(await store.list([], { limit: 10 }), []);
    assert.deepEqual(store.state(), before, "it is not the storage's fault");
  },
};

/** Until what happens soon has happened: KV calls back through its own threads. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 1_000_000) assert.fail("it did not happen");
    await turn();
  }
}

/** One of the event loop, in which KV may answer, whatever time a test pretends. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
