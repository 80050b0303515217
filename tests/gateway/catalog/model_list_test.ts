/** The model list on a clock in the test's hand: fetched lazily, kept, served stale, and not hammered after a failure. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import { createModelList } from "../../../gateway/catalog/model_list.ts";
import type { Config } from "../../../gateway/config/mod.ts";
import type { UpstreamModel } from "../../../providers/provider.ts";
import { configOf } from "../../support/config.ts";
import { listingProvider } from "../../support/listing_provider.ts";

const TTL = 600_000;
const PAUSE = 30_000;

/** A list whose upstream answers when the test says so. */
function setUp(settings: Partial<Config["providers"][number]> = {}) {
  let time = 1_000_000;
  const asked: { answer(ids: string[]): Promise<void>; fail(error: Error): Promise<void> }[] = [];
  const settled = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
  const [demo] = configOf({}).providers;
  assert(demo !== undefined);
  const list = createModelList({
    provider: listingProvider("up", () =>
      new Promise<UpstreamModel[]>((resolve, reject) => {
        asked.push({
          answer: (ids) => (resolve(ids.map((id) => ({ id }))), settled()),
          fail: (error) => (reject(error), settled()),
        });
      })),
    config: { ...demo, ...settings } as typeof demo,
    fallback: [{ id: "known-1" }, { id: "known-2" }],
    ttl: TTL,
    now: () => time,
  });
  const ids = async () => (await list.current()).map(({ id }) => id);
  return { list, asked, ids, pass: (milliseconds: number) => void (time += milliseconds) };
}

Deno.test("nobody asks the upstream before a list is needed", () => {
  const { list, asked } = setUp();
  list.known();
  assert.equal(asked.length, 0);
  assert.deepEqual(list.state(), { provider: "up", source: "unasked", models: 2, refreshing: false });
});

Deno.test("the first who needs the list waits for it, and all who come meanwhile share one fetch", async () => {
  const { list, asked, ids } = setUp();
  const both = Promise.all([ids(), ids()]);
  assert.equal(list.state().refreshing, true);
  assert.equal(asked.length, 1);
  await asked[0]?.answer(["a", "b"]);
  assert.deepEqual(await both, [["a", "b"], ["a", "b"]]);
  assert.deepEqual(list.state(), {
    provider: "up",
    source: "fetched",
    models: 2,
    fetchedAt: 1_000_000,
    refreshing: false,
  });
});

Deno.test("within its time a list is not fetched again", async () => {
  const { asked, ids, pass } = setUp();
  const first = ids();
  await asked[0]?.answer(["a"]);
  await first;
  pass(TTL - 1);
  assert.deepEqual(await ids(), ["a"]);
  assert.equal(asked.length, 1);
});

Deno.test("a stale list is served at once while one fetch runs, then the new one", async () => {
  const { asked, ids, pass } = setUp();
  const first = ids();
  await asked[0]?.answer(["old"]);
  await first;
  pass(TTL);
  assert.deepEqual(await ids(), ["old"]);
  assert.deepEqual(await ids(), ["old"]);
  assert.equal(asked.length, 2);
  await asked[1]?.answer(["new"]);
  assert.deepEqual(await ids(), ["new"]);
  assert.equal(asked.length, 2);
});

Deno.test("a first fetch that fails leaves what the catalogue knows, and is told in our words", async () => {
  const { list, asked, ids } = setUp();
  const first = ids();
  await asked[0]?.fail(new GatewayError("upstream-auth", "Cannot list as the key was refused", { detail: "sk-leak" }));
  assert.deepEqual(await first, ["known-1", "known-2"]);
  assert.deepEqual(list.state(), {
    provider: "up",
    source: "fallback",
    models: 2,
    refreshing: false,
    failure: { at: 1_000_000, message: "Cannot list as the key was refused" },
  });
});

Deno.test("foreign text of a failure is not shown", async () => {
  const { list, asked, ids } = setUp();
  const first = ids();
  await asked[0]?.fail(new TypeError("error sending request to https://up.test/?key=sk-leak"));
  await first;
  assert(!JSON.stringify(list.state()).includes("sk-leak"));
});

Deno.test("after a failure nobody asks for a while, and then nobody waits", async () => {
  const { list, asked, ids, pass } = setUp();
  const first = ids();
  await asked[0]?.fail(new Error("down"));
  await first;
  pass(PAUSE - 1);
  await ids();
  assert.equal(asked.length, 1);
  pass(1);
  assert.deepEqual(await ids(), ["known-1", "known-2"]);
  assert.equal(asked.length, 2);
  await asked[1]?.answer(["a"]);
  assert.deepEqual(await ids(), ["a"]);
  assert.equal(list.state().failure, undefined);
});

Deno.test("a refresh that fails keeps the old list, and shows the failure", async () => {
  const { list, asked, ids, pass } = setUp();
  const first = ids();
  await asked[0]?.answer(["old"]);
  await first;
  pass(TTL);
  await ids();
  await asked[1]?.fail(new Error("down"));
  assert.deepEqual(await ids(), ["old"]);
  assert.equal(asked.length, 2);
  assert.equal(list.state().source, "fetched");
  assert.equal(list.state().failure?.at, 1_000_000 + TTL);
});

Deno.test("an upstream that lists nothing, as LangFast does, has what the catalogue knows", async () => {
  const { list, asked, ids } = setUp();
  const first = ids();
  await asked[0]?.answer([]);
  assert.deepEqual(await first, ["known-1", "known-2"]);
  assert.equal(list.state().source, "fallback");
});

Deno.test("a list that the configuration gives is never fetched", async () => {
  const { list, asked, ids } = setUp({ models: ["x", "y"] });
  assert.deepEqual(await ids(), ["x", "y"]);
  assert.equal(asked.length, 0);
  assert.deepEqual(list.state(), { provider: "up", source: "static", models: 2, refreshing: false });
});

Deno.test("the filter holds for fetched, given and known lists", async () => {
  const filter = { mode: "blacklist" as const, models: ["known-1", "x", "a*"] };
  const { list, asked, ids } = setUp({ filter });
  assert.deepEqual(list.known().map(({ id }) => id), ["known-2"]);
  const first = ids();
  await asked[0]?.answer(["a1", "b"]);
  assert.deepEqual(await first, ["b"]);
  assert.equal(list.state().models, 1);
  assert.deepEqual(await setUp({ filter, models: ["x", "y"] }).ids(), ["y"]);
});

Deno.test("a model is found with and without its prefix, in the list of now, unless the filter excludes it", async () => {
  const { list, asked, ids } = setUp({ filter: { mode: "blacklist", models: ["known-1", "b"] } });
  assert.equal(list.find("known-2")?.id, "known-2");
  assert.equal(list.find("known-1"), undefined);
  const first = ids();
  await asked[0]?.answer(["models/a", "b"]);
  await first;
  assert.equal(list.find("a")?.id, "models/a");
  assert.equal(list.find("models/a")?.id, "models/a");
  assert.equal(list.find("b"), undefined);
  assert.equal(list.find("known-2"), undefined);
});

Deno.test("a list is filtered once, not by each who asks", async () => {
  const { list, asked, ids } = setUp();
  assert.equal(list.known(), list.known());
  const first = ids();
  await asked[0]?.answer(["a"]);
  await first;
  assert.equal(list.known(), await list.current());
});

Deno.test("a provider that throws at once is a failure like any other", async () => {
  const [demo] = configOf({}).providers;
  assert(demo !== undefined);
  const provider = listingProvider("up", () => {
    throw new Error("no");
  });
  const list = createModelList({ provider, config: demo, fallback: [{ id: "k" }], ttl: TTL, now: () => 0 });
  assert.deepEqual((await list.current()).map(({ id }) => id), ["k"]);
  assert.equal(list.state().source, "fallback");
});
