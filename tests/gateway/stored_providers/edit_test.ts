/** What becomes of changes that several instances make at the same time. */

import assert from "node:assert/strict";
import {
  type ProviderDocument,
  PROVIDERS_KEY,
  type StoredProvider,
} from "../../../gateway/stored_providers/document.ts";
import { createEditor, type EditStored } from "../../../gateway/stored_providers/edit.ts";
import { createSealer } from "../../../gateway/stored_providers/seal.ts";
import { createMemoryStore } from "../../../records/memory_store.ts";

function provider(name: string): StoredProvider {
  return { name, version: name, changedAt: 0, settings: {}, secrets: {} };
}

function setUp() {
  const store = createMemoryStore({ now: () => 0, limit: 1e6 });
  let reloads = 0;
  const reload = () => Promise.resolve(void reloads++);
  const editor = () => createEditor({ store, reload, sealerOf: (salt) => createSealer({ adminKey: "admin", salt }) });
  const names = async () => (await store.get<ProviderDocument>(PROVIDERS_KEY))?.value.providers.map(({ name }) => name);
  return { one: editor(), other: editor(), names, reloads: () => reloads };
}

function add(editor: EditStored, name: string): Promise<string> {
  return editor((providers) => Promise.resolve({ providers: [...providers, provider(name)], result: name }));
}

Deno.test("where another instance stored something between reading and writing, both changes are kept", async () => {
  const { one, other, names, reloads } = setUp();
  let tries = 0;
  const result = await one(async (providers) => {
    if (++tries === 1) await add(other, "theirs");
    return { providers: [...providers, provider("ours")], result: providers.length };
  });
  assert.deepEqual([tries, result], [2, 1]);
  assert.deepEqual(await names(), ["theirs", "ours"]);
  assert.equal(reloads(), 2, "each is put to use once");
});

Deno.test("where others store something each time, the change is given up and told", async () => {
  const { one, other, names } = setUp();
  let tries = 0;
  const edit = one(async (providers) => {
    await add(other, `theirs-${++tries}`);
    return { providers: [...providers, provider("ours")], result: undefined };
  });
  await assert.rejects(edit, { code: "provider_changed" });
  assert.equal((await names())?.includes("ours"), false);
  assert.equal((await names())?.length, tries);
});

Deno.test("the changes of one instance wait for each other, and one that fails does not stop the next", async () => {
  const { one, names } = setUp();
  const failing = one(() => Promise.reject(new Error("mistaken")));
  const [, first, second] = await Promise.allSettled([failing, add(one, "first"), add(one, "second")]);
  assert.deepEqual([first?.status, second?.status], ["fulfilled", "fulfilled"]);
  assert.deepEqual(await names(), ["first", "second"]);
});
