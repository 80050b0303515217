import assert from "node:assert/strict";
import type { Observation } from "../../gateway/observation.ts";
import { createRecorder, type RecorderOptions } from "../../gateway/recorder.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import { createRequestLog } from "../../records/request_log.ts";
import type { Store } from "../../records/store.ts";
import { configOf } from "../support/config.ts";
import { inFakeTime } from "../support/fake_time.ts";

const HOUR = 3_600_000;
const START = 500_000 * HOUR;

function observation(more: Partial<Observation> = {}): Observation {
  const id = `req_${crypto.randomUUID()}`;
  return {
    id,
    startedAt: START,
    dialect: "openai_chat",
    stream: true,
    attempts: [],
    lost: [],
    owner: "",
    chunks: 1,
    end: "done",
    ...more,
  };
}

function create(store: Store, more: Partial<RecorderOptions> = {}) {
  const warnings: string[] = [];
  const ignore = () => {};
  const recorder = createRecorder({
    store,
    settings: configOf({}).records,
    redact: (text) => text,
    log: { debug: ignore, info: ignore, warn: (message) => warnings.push(message), error: ignore },
    instance: "one",
    closing: new AbortController().signal,
    ...more,
  });
  return { recorder, warnings };
}

const memory = () => createMemoryStore({ now: () => START, limit: 1e8 });

Deno.test("nothing is written when an answer ends; what ends within a moment is written together, a little later", async () => {
  await inFakeTime(async ({ pass }) => {
    const store = memory();
    const writes: number[] = [];
    const { recorder } = create({ ...store, setAll: (all) => (writes.push(all.length), store.setAll(all)) });
    for (let at = 0; at < 3; at++) recorder.finished(observation(), START + 1);
    await pass(199);
    assert.deepEqual(writes, []);
    await pass(1);
    assert.deepEqual(writes, [4], "their details, their summaries, what the index says of them, and the hour's totals");
    assert.equal((await createRequestLog(store).page({}, { limit: 9 })).requests.length, 3);
    await pass(2_000);
    assert.deepEqual(writes, [4]);
  });
});

Deno.test("totals are written every few seconds, however many requests there are, and not where there are none", async () => {
  await inFakeTime(async ({ pass }) => {
    const store = memory();
    const writes: number[] = [];
    const isTotal = ({ key }: { key: readonly unknown[] }) => key[0] === "hours";
    const setAll: Store["setAll"] = (all) => (writes.push(all.filter(isTotal).length), store.setAll(all));
    const { recorder } = create({ ...store, setAll });
    for (let at = 0; at < 10; at++) {
      recorder.finished(observation(), START + 1);
      await pass(300);
    }
    assert.equal(writes.length, 11);
    assert.equal(writes.filter((totals) => totals > 0).length, 2);
    recorder.finished(observation(), START + 1);
    await pass(20_000);
    assert.equal(writes.filter((totals) => totals > 0).length, 3);
    const [hour] = await createRequestLog(store).hours(START, START);
    assert.equal(hour?.cells[0]?.requests, 11);
  });
});

Deno.test("a burst with bodies becomes records a part at a time, so that running answers get their turn, and is written together", async () => {
  await inFakeTime(async ({ pass }) => {
    const store = memory();
    const writes: number[] = [];
    let drawn = 0;
    const { recorder } = create({ ...store, setAll: (all) => (writes.push(all.length), store.setAll(all)) }, {
      redact: (text) => (drawn += text === "one" ? 1 : 0, text),
    });
    const body = "x".repeat(1_000);
    for (let at = 0; at < 150; at++) recorder.finished(observation({ model: "one", body, end: "failed" }), START + 1);
    assert.equal(drawn, 0, "no body is looked at on the path of an answer");
    await pass(0);
    assert.ok(drawn > 10 && drawn < 100, String(drawn));
    await pass(199);
    assert.deepEqual(writes, []);
    await pass(1);
    assert.equal(drawn, 150);
    assert.deepEqual(writes, [4]);
    await pass(5_000);
  });
});

Deno.test("a busy gateway writes less often than a quiet one, and a quiet one soon again", async () => {
  await inFakeTime(async ({ pass }) => {
    const store = memory();
    const writes: number[] = [];
    const setAll: Store["setAll"] = (all) => (writes.push(performance.now()), store.setAll(all));
    const { recorder } = create({ ...store, setAll });
    const begin = performance.now();
    for (let at = 0; at < 100; at++) {
      for (let one = 0; one < 10; one++) recorder.finished(observation(), Date.now());
      await pass(20);
    }
    assert.ok(writes.length <= 6, `${writes.length} writes, some of them of totals`);
    await pass(10_000);
    recorder.finished(observation(), Date.now());
    await pass(200);
    assert.equal(writes.at(-1)! - begin, 12_200);
    await pass(10_000);
  });
});

Deno.test("what waits is written at once when the process is about to end", async () => {
  await inFakeTime(async () => {
    const store = memory();
    const closing = new AbortController();
    const { recorder } = create(store, { closing: closing.signal });
    for (let at = 0; at < 30; at++) recorder.finished(observation(), START + 1);
    closing.abort();
    await recorder.settled();
    assert.equal((await createRequestLog(store).page({}, { limit: 99 })).requests.length, 30);
  });
});

Deno.test("requests are counted in the hour they ended in, and each hour keeps its totals", async () => {
  await inFakeTime(async ({ pass }) => {
    const store = memory();
    const { recorder } = create(store);
    for (const end of [START + 1, START + 2, START + HOUR + 1]) recorder.finished(observation(), end);
    await pass(6_000);
    // One that takes its batch's turn in the new hour leaves the old hour's totals as they were.
    recorder.finished(observation(), START + HOUR + 2);
    await pass(6_000);
    const hours = await createRequestLog(store).hours(START, START + 2 * HOUR);
    const counts = hours.map(({ start, cells }) => [start, cells.reduce((sum, { requests }) => sum + requests, 0)]);
    assert.deepEqual(counts, [[START, 2], [START + HOUR, 2]]);
  });
});

Deno.test("a store that is stuck fills no memory: what is too much is not kept, with one warning", async () => {
  for (const settle of [true, false]) {
    await inFakeTime(async ({ pass }) => {
      const { recorder, warnings } = create({ ...memory(), setAll: () => new Promise(() => {}) });
      // Of each body a quarter of a megabyte is kept: of those that still wait, all of it.
      const body = "x".repeat(1024 * 1024);
      const finish = async (count: number) => {
        for (let at = 0; at < count; at++) {
          recorder.finished(observation({ body, end: "failed" }), START);
          if (settle) await pass(1);
        }
      };
      await finish(settle ? 240 : 60);
      assert.deepEqual(warnings, []);
      await finish(30);
      assert.deepEqual(warnings, ["Cannot keep the record of a request as too many are waiting for the storage"]);
      await pass(1_000);
    });
  }
});

Deno.test("a request of which no record can be made harms none of the others", async () => {
  await inFakeTime(async ({ pass }) => {
    const store = memory();
    const { recorder, warnings } = create(store, {
      redact: (text) => {
        if (text === "bad") throw new Error("cannot be read");
        return text;
      },
    });
    for (const model of ["good", "bad", "good"]) recorder.finished(observation({ model }), START);
    await pass(5_000);
    assert.deepEqual(warnings, ["Cannot keep the records of requests"]);
    assert.equal((await createRequestLog(store).page({}, { limit: 9 })).requests.length, 2);
  });
});

Deno.test("a store that works again is used again, and warned of again when it fails anew", async () => {
  await inFakeTime(async ({ pass }) => {
    const store = memory();
    let isBroken = true;
    const setAll: Store["setAll"] = (all) => isBroken ? Promise.reject(new Error("gone")) : store.setAll(all);
    const { recorder, warnings } = create({ ...store, setAll });
    const finish = async () => {
      recorder.finished(observation(), START);
      await pass(6_000);
    };
    for (isBroken of [true, true, false, true]) await finish();
    assert.equal(warnings.length, 2);
    assert.equal((await createRequestLog(store).page({}, { limit: 9 })).requests.length, 1);
  });
});
