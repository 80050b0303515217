import assert from "node:assert/strict";
import { kvDatabase } from "../../records/open_kv.ts";
import { createStore, type ResilientStoreOptions } from "../../records/resilient_store.ts";
import type { Store } from "../../records/store.ts";
import { type FakeKv, fakeKv, type Trouble } from "../records/fake_kv.ts";
import { ADMIN_KEY, adminJson } from "../support/admin.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

/** Of the configuration: keys of the storage can be told only where that can be read. */
const USER_SET_KEY = "client-key-31c7";

interface Scene {
  gateway: TestGateway;
  store: Store;
  warnings: string[];
}

/** A gateway over a store with these options, which looks for its database again without much of a pause. */
async function inScene(options: Partial<ResilientStoreOptions>, test: (scene: Scene) => Promise<void>): Promise<void> {
  const warnings: string[] = [];
  const log = { info() {}, warn: (message: string) => warnings.push(message) };
  const store = createStore({ now: Date.now, log, retryAfter: 20, ...options });
  const gateway = startGateway({ env: { ADMIN_KEY, USER_SET_KEY }, store });
  try {
    await test({ gateway, store, warnings });
  } finally {
    await gateway.close();
    await store.close();
  }
}

/** A database that can be told to misbehave, and stays the same one whenever it is opened. */
async function withKv(test: (fake: FakeKv, open: () => Promise<Deno.Kv>) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const openKv = () => Deno.openKv(`${folder}/kv.sqlite3`);
  const keeper = await openKv();
  const fake = fakeKv(keeper);
  try {
    await test(fake, async () => {
      await fake.beforeOpen();
      fake.attach(await openKv());
      return fake.kv;
    });
  } finally {
    keeper.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Three answers, of both kinds, read to their ends. */
async function answers(gateway: TestGateway, name: string): Promise<void> {
  for (const [at, stream] of [true, false, true].entries()) {
    const headers = { "authorization": `Bearer ${USER_SET_KEY}`, "x-request-id": `${name}-${at}` };
    const response = await gateway.chat({ model: "demo/echo", stream }, { headers });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    if (stream) assert.match(text, /data: \[DONE\]\n\n$/);
    else assert.equal(JSON.parse(text).choices[0].message.content, "Hi");
    // The recorder gathers for a moment: each is a write of its own.
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`It did not happen that ${what}`);
}

async function ids(gateway: TestGateway): Promise<string[]> {
  const { requests } = await adminJson(gateway, "requests");
  return requests.map(({ id }: { id: string }) => id).sort();
}

const named = (...names: string[]) => names.flatMap((name) => [0, 1, 2].map((at) => `${name}-${at}`)).sort();

Deno.test("no answer waits for a database that is silent, and its records are there once it speaks", () =>
  withKv((fake, open) => {
    let speak = () => {};
    const silence = new Promise<void>((resolve) => speak = resolve);
    fake.beforeOpen = () => silence;
    // Had an answer waited for the database, it would never have come.
    return inScene({ open, timeout: 0 }, async ({ gateway, store, warnings }) => {
      await answers(gateway, "meanwhile");
      assert.equal(fake.calls, 0);
      speak();
      await until("KV is used", () => store.state().mode === "kv");
      await until("the records are there", async () => (await ids(gateway)).length === 3);
      assert.deepEqual(await ids(gateway), named("meanwhile"));
      assert.deepEqual(warnings, []);
    });
  }));

for (const trouble of ["hangs", "throws", "full"] as const satisfies Trouble[]) {
  Deno.test(`a database that ${trouble === "full" ? "is full" : trouble} breaks no answer, is told once, and gets later what it missed`, () =>
    withKv((fake, open) =>
      inScene({ open, timeout: 1_000 }, async ({ gateway, store, warnings }) => {
        await answers(gateway, "before");
        await until("the records are in KV", async () =>
          store.state().mode === "kv" && (await ids(gateway)).length === 3);
        fake.trouble = trouble;
        await answers(gateway, "meanwhile");
        await until("KV is given up", () =>
          store.state().degraded !== undefined);
        await answers(gateway, "later");
        assert.deepEqual(warnings, ["Cannot use Deno KV, so that what is kept is in memory"]);
        fake.trouble = "none";
        await until("KV is used again", async () => {
          await ids(gateway);
          return store.state().mode === "kv";
        });
        await until("all records are there", async () => (await ids(gateway)).length === 9);
        assert.deepEqual(await ids(gateway), named("before", "meanwhile", "later"));
        // The clock of a call that hangs runs on for its second.
        if (trouble === "hangs") await new Promise((resolve) => setTimeout(resolve, 1_100));
      })
    ));
}

Deno.test("a runtime without Deno KV is told once, and memory stands in for it", async () => {
  const openKv = Object.getOwnPropertyDescriptor(Deno, "openKv")!;
  Object.defineProperty(Deno, "openKv", { ...openKv, get: () => undefined });
  try {
    await inScene(kvDatabase({ hosted: true }), async ({ gateway, warnings }) => {
      await answers(gateway, "alone");
      await until("the records are there", async () => (await ids(gateway)).length === 3);
      const { status, storage, storageProblem } = await (await fetch(`${gateway.url}/health`)).json();
      assert.deepEqual([status, storage, storageProblem], ["ok", "memory", "There is no Deno KV"]);
      assert.deepEqual(warnings, ["Cannot use Deno KV, so that what is kept is in memory"]);
    });
  } finally {
    Object.defineProperty(Deno, "openKv", openKv);
  }
});
