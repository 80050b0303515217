import assert from "node:assert/strict";
import { createMemoryStore } from "../../records/memory_store.ts";
import { createRequestLog } from "../../records/request_log.ts";
import type { RequestSummary } from "../../records/request_record.ts";
import { createSegmentWriter } from "../../records/segment_writer.ts";
import type { Store } from "../../records/store.ts";
import { drain } from "../../streaming/pull.ts";
import { countReads } from "../support/counting_store.ts";
import { keepRecords, partsOf } from "../support/kept_records.ts";

const START = 1_790_000_000_000;

function summary(at: number, more: Partial<RequestSummary> = {}): RequestSummary {
  const startedAt = START + at;
  return {
    id: `req_${at}`,
    startedAt,
    dialect: "openai_chat",
    stream: true,
    end: "done",
    attempts: 1,
    total: 9,
    ...more,
  };
}

async function logOf(summaries: readonly RequestSummary[]) {
  const store = createMemoryStore({ now: () => START, limit: 1e8 });
  await keepRecords(store, summaries, { together: 1 });
  return { store, log: createRequestLog(store) };
}

const ids = ({ requests }: { requests: readonly RequestSummary[] }) => requests.map(({ id }) => id);

Deno.test("pages go from the newest to the oldest without a gap or a repetition, also through equal times", async () => {
  const summaries = [0, 1, 1, 1, 2, 3].map((at, index) => summary(at, { id: `req-${index}` }));
  const { log } = await logOf(summaries);
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await log.page({}, { limit: 2, ...before !== undefined && { before } });
    assert.ok(page.requests.length <= 2);
    seen.push(...ids(page));
    before = page.next;
  } while (before !== undefined);
  assert.deepEqual(seen, ["req-5", "req-4", "req-3", "req-2", "req-1", "req-0"]);
});

Deno.test("who reads all of them and leaves is given no further page", async () => {
  const { log } = await logOf(Array.from({ length: 250 }, (_, at) => summary(at)));
  const source = log.each({});
  assert.equal((await source.next())?.length, 100);
  source.cancel();
  assert.equal(await source.next(), undefined);
  assert.deepEqual((await drain(log.each({}))).map(({ length }) => length), [100, 100, 50]);
});

Deno.test("from and to are both included, with a cursor too, and what is outside is not even read", async () => {
  const { store, log } = await logOf(Array.from({ length: 2000 }, (_, at) => summary(at)));
  const range = { from: START + 10, to: START + 12 };
  assert.deepEqual(ids(await log.page(range, { limit: 50 })), ["req_12", "req_11", "req_10"]);
  assert.deepEqual(ids(await log.page(range, { limit: 50, before: `${START + 12}-req_12` })), ["req_11", "req_10"]);
  assert.deepEqual(ids(await log.page(range, { limit: 50, before: `${START + 99}-req_99` })).length, 3);
  let reads = 0;
  const counting: Store = { ...store, list: (prefix, options) => (reads++, store.list(prefix, options)) };
  await createRequestLog(counting).page({ ...range, provider: "up" }, { limit: 50 });
  assert.equal(reads, 1);
});

Deno.test("every filter narrows by its own field", async () => {
  const one = {
    model: "fast",
    provider: "up",
    upstreamModel: "up-model",
    key: "alice",
    dialect: "anthropic",
    status: 429,
    end: "failed",
    error: "rate-limit",
    asked: "Where is the Needle?",
  } as const;
  const { log } = await logOf([summary(1), summary(2, one), summary(3, { status: 200 })]);
  const filters = [
    { model: "fast" },
    { model: "up-model" },
    { provider: "up" },
    { key: "alice" },
    { dialect: "anthropic" },
    { status: 429 },
    { status: 4 },
    { end: "failed" },
    { text: "needle" },
    { text: "RATE-limit" },
    { text: "req_2" },
  ] as const;
  for (const filter of filters) {
    assert.deepEqual(ids(await log.page(filter, { limit: 9 })), ["req_2"], JSON.stringify(filter));
    const [[name]] = Object.entries(filter) as [[string, unknown]];
    const other = name === "status" ? 42 : "cancelled";
    assert.deepEqual(ids(await log.page({ [name]: other }, { limit: 9 })), [], name);
  }
});

Deno.test("a search that takes too long gives what it has, how far it came, and where to go on", async () => {
  const { log } = await logOf(
    Array.from({ length: 1200 }, (_, at) => {
      // Each stretch has both, but only the oldest request has.
      return summary(at, {
        ...at % 50 !== 1 && { key: "alice" },
        ...(at === 0 || at % 50 === 1) && { provider: "rare" },
      });
    }),
  );
  let before: string | undefined;
  const found: string[] = [];
  const reached: (number | undefined)[] = [];
  do {
    const options = { limit: 5, isLate: () => true, ...before !== undefined && { before } };
    const page = await log.page({ key: "alice", provider: "rare" }, options);
    found.push(...ids(page));
    reached.push(page.reached);
    before = page.next;
  } while (before !== undefined);
  assert.deepEqual(found, ["req_0"]);
  assert.deepEqual(reached, [...[1000, 800, 600, 400, 200].map((at) => START + at), undefined]);
});

Deno.test("a filter skips the stretches without a match, and misses none where instances overlap", async () => {
  const store = createMemoryStore({ now: () => START, limit: 1e8 });
  const instances = ["one", "two", "three"].map((name) => createSegmentWriter(name));
  const wanted: string[] = [];
  for (let at = 0; at < 3_000; at++) {
    // What a slow answer began is written after what began later.
    const one = summary(at - at % 7 * 100 + 1_000, { id: `req-${at}`, provider: at % 700 === 3 ? "rare" : "up" });
    if (one.provider === "rare") wanted.push(one.id);
    const { summary: asListed, details } = partsOf(one);
    instances[at % 3]!.add(asListed, details);
    if (at % 50 === 49) await store.setAll(instances.flatMap((writer) => writer.writes({ expireIn: 1e9 })));
  }
  const counted = countReads(store);
  const log = createRequestLog(counted.store);
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await log.page({ provider: "rare" }, { limit: 2, ...before !== undefined && { before } });
    seen.push(...ids(page));
    before = page.next;
  } while (before !== undefined);
  assert.deepEqual(seen.toSorted(), wanted.toSorted());
  counted.entries();
  assert.deepEqual(ids(await log.page({ provider: "nobody" }, { limit: 2 })), []);
  const read = counted.entries();
  assert.ok(read < 50, `${read} entries were read`);
});

Deno.test("a record is found by its id alone, the newest where a client used the id twice, or by its time as well", async () => {
  const { log } = await logOf([summary(1, { id: "mine" }), summary(5, { id: "mine" }), summary(9)]);
  assert.equal((await log.find("mine"))?.startedAt, START + 5);
  assert.equal((await log.find("mine", START + 1))?.startedAt, START + 1);
  assert.equal(await log.find("min"), undefined);
  assert.equal(await log.find("mine", START + 2), undefined);
});

Deno.test("a text is searched for only where it stands, and where that is not known yet", async () => {
  const all = Array.from({ length: 2_100 }, (_, at) => {
    return summary(at, { said: `Word ${at}`, ...(at === 300 || at === 2_050) && { asked: "Where is the Needle?" } });
  });
  const { store } = await logOf(all);
  const counted = countReads(store);
  const log = createRequestLog(counted.store);
  assert.deepEqual(ids(await log.page({ text: "NEEDLE" }, { limit: 9 })), ["req_2050", "req_300"]);
  assert.ok(counted.entries() <= 9 + 2 * 500, "the segments, and two stretches of them");
  for (const at of [0, 249, 250, 1_999, 2_099]) {
    assert.deepEqual(ids(await log.page({ text: `word ${at}` }, { limit: 99 })).at(-1), `req_${at}`);
  }
});

Deno.test("a search through many stretches stops between them, and goes on where it stopped", async () => {
  const all = Array.from({ length: 9_000 }, (_, at) => summary(at, { ...at % 3_000 === 7 && { asked: "needle" } }));
  const { log } = await logOf(all);
  let before: string | undefined;
  const found: string[] = [];
  let pages = 0;
  do {
    const options = { limit: 5, isLate: () => true, ...before !== undefined && { before } };
    const page = await log.page({ text: "needle" }, options);
    if (page.next !== undefined) assert.ok(page.reached !== undefined);
    found.push(...ids(page));
    before = page.next;
    pages++;
  } while (before !== undefined);
  assert.deepEqual(found, ["req_6007", "req_3007", "req_7"]);
  assert.ok(pages > 1 && pages < 9, String(pages));
});
