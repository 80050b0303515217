import assert from "node:assert/strict";
import { liveRequests } from "../../../gateway/admin/live_requests.ts";
import { createLiveFeed } from "../../../gateway/live_feed.ts";
import type { Observation } from "../../../gateway/observation.ts";
import { createMemoryStore } from "../../../records/memory_store.ts";
import { createRequestLog } from "../../../records/request_log.ts";
import type { RequestSummary } from "../../../records/request_record.ts";
import { type FakeTime, inFakeTime } from "../../support/fake_time.ts";
import { keepRecords } from "../../support/kept_records.ts";

function summary(id: string, more: Partial<RequestSummary> = {}): RequestSummary {
  return {
    id,
    startedAt: Date.now(),
    dialect: "openai_chat",
    stream: true,
    end: "done",
    attempts: 1,
    total: 5,
    ...more,
  };
}

function observation(id: string): Observation {
  return {
    id,
    startedAt: Date.now(),
    dialect: "openai_chat",
    stream: true,
    attempts: [],
    lost: [],
    owner: "",
    chunks: 0,
  };
}

/** What comes next, as `running:req_1` or `ended:req_2,req_1`. */
async function told(
  source: ReturnType<typeof liveRequests>,
  time: FakeTime,
  wait = 250,
): Promise<string[] | undefined> {
  const next = source.next();
  await time.pass(wait);
  return (await next)?.map((frame) => {
    const [, event, data] = frame.match(/^event: (.*)\ndata: (.*)\n\n$/) ?? [];
    if (event === undefined) return frame.trim();
    return `${event}:${JSON.parse(data ?? "").map(({ id }: { id: string }) => id)}`;
  });
}

function scene({ query = {}, log }: { query?: { model?: string }; log?: ReturnType<typeof createRequestLog> } = {}) {
  const feed = createLiveFeed();
  const closing = new AbortController();
  const watcher = { mayStay: true };
  const source = liveRequests({
    feed,
    query,
    pricesOf: () => undefined,
    now: () => Date.now(),
    closing: closing.signal,
    mayStay: () => Promise.resolve(watcher.mayStay),
    ...(log && { log }),
  });
  return { feed, closing, source, watcher };
}

Deno.test("whoever watches is told what runs, at once and when it changes, and what ended", () =>
  inFakeTime(async (time) => {
    const { feed, source } = scene();
    const first = observation("req_1");
    feed.started(first);
    assert.deepEqual(await told(source, time, 0), ["running:req_1"]);
    first.chunks = 4;
    assert.deepEqual(await told(source, time), ["running:req_1"]);
    feed.finished(first, Date.now());
    feed.kept([summary("req_1"), summary("req_2")]);
    assert.deepEqual(await told(source, time), ["running:", "ended:req_2,req_1"]);
    assert.deepEqual(await told(source, time, 15_250), [": still here"]);
    source.cancel();
    assert.equal(await source.next(), undefined);
  }));

Deno.test("whoever logs out is told no more within seconds, in another window too", () =>
  inFakeTime(async (time) => {
    const { feed, source, watcher } = scene();
    await told(source, time, 0);
    watcher.mayStay = false;
    const next = source.next();
    await time.pass(5_250);
    feed.kept([summary("req_1")]);
    await time.pass(250);
    assert.equal(await next, undefined);
    assert.equal(await source.next(), undefined);
  }));

Deno.test("while nothing happens, that it is still here is told every quarter of a minute, not all the time", () =>
  inFakeTime(async (time) => {
    const { source } = scene();
    await told(source, time, 0);
    assert.deepEqual(await told(source, time, 15_250), [": still here"]);
    let isTold = false;
    const next = source.next().finally(() => isTold = true);
    await time.pass(14_000);
    assert.equal(isTold, false);
    await time.pass(1_250);
    assert.deepEqual(await next, [": still here\n\n"]);
    source.cancel();
  }));

Deno.test("a busy gateway tells four times a second, and the newest hundred", () =>
  inFakeTime(async (time) => {
    const { feed, source } = scene();
    await told(source, time, 0);
    for (let at = 0; at < 1_000; at++) feed.kept([summary(`req_${at}`)]);
    const [frame = ""] = await told(source, time) ?? [];
    assert.equal(frame.split(",").length, 100);
    assert.match(frame, /^ended:req_999,req_998,/);
    source.cancel();
  }));

Deno.test("only what matches is told", () =>
  inFakeTime(async (time) => {
    const { feed, source } = scene({ query: { model: "a" } });
    await told(source, time, 0);
    feed.kept([summary("req_1", { model: "a" }), summary("req_2", { model: "b" })]);
    assert.deepEqual(await told(source, time), ["ended:req_1"]);
    source.cancel();
  }));

Deno.test("what other instances keep, and matches, is found in the store within seconds", () =>
  inFakeTime(async (time) => {
    const store = createMemoryStore({ now: () => Date.now(), limit: 1e6 });
    const { source } = scene({ log: createRequestLog(store), query: { model: "a" } });
    const keep = (...ids: string[]) =>
      keepRecords(store, ids.map((id) => summary(id, { model: id === "other" ? "b" : "a" })));
    await keep("old");
    assert.deepEqual(await told(source, time, 0), ["running:"]);
    await keep("new", "other");
    assert.deepEqual(await told(source, time, 5_250), ["ended:new"]);
    source.cancel();
  }));

Deno.test("it ends when the process is about to, and when the client leaves while nothing happens", () =>
  inFakeTime(async (time) => {
    const { closing, source } = scene();
    await told(source, time, 0);
    const next = source.next();
    closing.abort();
    assert.equal(await next, undefined);
    const other = scene();
    await told(other.source, time, 0);
    const waiting = other.source.next();
    other.source.cancel();
    assert.equal(await waiting, undefined);
    other.feed.kept([summary("req_1")]);
  }));
