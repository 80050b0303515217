import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { createRequestLog } from "../../records/request_log.ts";
import type { RequestSummary } from "../../records/request_record.ts";
import { createSegmentWriter } from "../../records/segment_writer.ts";
import type { Store, Write } from "../../records/store.ts";
import { countReads } from "../support/counting_store.ts";
import { type KeptRecord, partsOf } from "../support/kept_records.ts";

const HOUR = 3_600_000;
const START = 500_000 * HOUR;
const DAY = 24 * HOUR;

function record(startedAt: number, more: Partial<KeptRecord> = {}): KeptRecord {
  const id = `req_${startedAt - START}`;
  return { id, startedAt, dialect: "gemini", stream: true, end: "done", attempts: 1, total: 9, ...more };
}

function writerOf(name = "one") {
  const writer = createSegmentWriter(name);
  return {
    add(one: KeptRecord) {
      const { summary, details } = partsOf(one);
      writer.add(summary, details);
    },
    writes: (expireIn = DAY) => writer.writes({ expireIn }),
  };
}

const kindsOf = (writes: readonly Write[]) => writes.map(({ key }) => key[1]);
const ids = (requests: readonly RequestSummary[]) => requests.map(({ id }) => id);

async function find(store: Store, query: Record<string, unknown> = {}) {
  return ids((await createRequestLog(store).page(query, { limit: 1_000 })).requests);
}

Deno.test("what is added together is a few values, and nothing is written twice where nothing was added", () => {
  const writer = writerOf();
  for (let at = 0; at < 100; at++) writer.add(record(START + at));
  assert.deepEqual(kindsOf(writer.writes()), ["details", "summaries", "index"]);
  assert.deepEqual(writer.writes(), []);
  writer.add(record(START + 100));
  assert.deepEqual(kindsOf(writer.writes()), ["details", "summaries", "index"]);
});

Deno.test("large bodies are not put together with many others, and the list of them is still one", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e9 });
  const writer = writerOf();
  const body = { text: "x".repeat(150_000), bytes: 150_000 };
  for (let at = 0; at < 6; at++) writer.add(record(START + at, { answer: { ...body, bytes: at } }));
  const writes = writer.writes();
  assert.deepEqual(kindsOf(writes).filter((kind) => kind === "details").length, 3);
  await store.setAll(writes);
  assert.equal((await find(store)).length, 6);
  for (const at of [0, 1, 5]) {
    assert.equal((await createRequestLog(store).find(`req_${at}`))?.answer?.bytes, at);
  }
});

Deno.test("a quiet gateway's requests, written one by one, are read at once when their segment is full", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e9 });
  const writer = writerOf();
  for (let at = 0; at < 200; at++) {
    writer.add(record(START + at, { chunks: at }));
    await store.setAll(writer.writes());
  }
  const counted = countReads(store);
  assert.equal((await find(counted.store)).length, 200);
  assert.ok(counted.entries() <= 2);
  assert.equal((await createRequestLog(store).find("req_77"))?.chunks, 77);
});

Deno.test("no record outlives its time because others came later, and none is gone before it", async () => {
  let now = START;
  const store = createMemoryStore({ now: () => now, limit: 1e9 });
  const writer = writerOf();
  for (let minute = 0; minute < 50; minute++) {
    now = START + minute * 60_000;
    // They end when they are written.
    for (let at = 0; at < 4; at++) writer.add(record(now - 9 - at, { id: `${minute}-${at}` }));
    await store.setAll(writer.writes());
  }
  assert.equal((await find(store)).length, 200);
  now = START + DAY + 20 * 60_000;
  const left = await find(store);
  assert.equal(left.length, 4 * 29);
  assert.ok(left.includes("21-0") && !left.includes("20-0"));
  now = START + DAY + 49 * 60_000;
  assert.deepEqual(await find(store), []);
  assert.deepEqual(await store.list(["records"], { limit: 9 }), []);
});

Deno.test("requests are listed in the hour they began in, however late they end", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e9 });
  const writer = writerOf();
  for (const [at, hour] of [9, 5, 9, 2, 9, 5].entries()) {
    writer.add(record(START + hour * HOUR + at, { total: 10 * HOUR, id: `${hour}-${at}` }));
    await store.setAll(writer.writes());
  }
  assert.deepEqual(await find(store), ["9-4", "9-2", "9-0", "5-5", "5-1", "2-3"]);
  const counted = countReads(store);
  assert.deepEqual(await find(counted.store, { from: START + 5 * HOUR, to: START + 6 * HOUR }), ["5-5", "5-1"]);
});

Deno.test("clients that name a model of their own with each request make the index no larger", () => {
  const writer = writerOf();
  for (let at = 0; at < 1_000; at++) writer.add(record(START + at, { model: "m".repeat(200) + at }));
  const index = writer.writes().filter(({ key }) => key[1] === "index");
  assert.equal(index.length, 20);
  for (const { value } of index) assert.ok(JSON.stringify(value).length < 20_000);
});

Deno.test("an id is looked for where it may be, not in all that is kept", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e9 });
  for (const name of ["one", "two"]) {
    const writer = writerOf(name);
    for (let at = 0; at < 5_000; at++) writer.add(record(START + at, { id: `${name}-${at}`, chunks: at }));
    await store.setAll(writer.writes());
  }
  const read: string[] = [];
  const list: Store["list"] = (prefix, options) => (read.push(String(prefix[1])), store.list(prefix, options));
  const log = createRequestLog({ ...store, list });
  assert.equal((await log.find("two-1234"))?.chunks, 1234);
  assert.equal((await log.find("two-4000", START + 4000))?.chunks, 4000);
  assert.equal(await log.find("three-1"), undefined);
  assert.ok(read.filter((kind) => kind === "summaries").length <= 4, read.join());
});

Deno.test("all that is kept of each record can be read one after another, in the order of the list", async () => {
  const store = createMemoryStore({ now: Date.now, limit: 1e9 });
  const writers = ["one", "two"].map(writerOf);
  for (let at = 0; at < 530; at++) {
    writers[at % 2]!.add(record(START + at, { chunks: at }));
    if (at % 37 === 0) await store.setAll(writers.flatMap((writer) => writer.writes()));
  }
  await store.setAll(writers.flatMap((writer) => writer.writes()));
  const records = createRequestLog(store).eachRecord({});
  const chunks: number[] = [];
  for (let few = await records.next(); few !== undefined; few = await records.next()) {
    chunks.push(...few.map((one) => one.chunks));
  }
  assert.deepEqual(chunks, Array.from({ length: 530 }, (_, at) => 529 - at));
});
