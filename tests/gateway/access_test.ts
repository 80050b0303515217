import assert from "node:assert/strict";
import { type Access, createAccess } from "../../gateway/access.ts";
import { digestOf, formatDigest, newSecret, prefixOf } from "../../gateway/keys/secret.ts";
import { createStoredKeys, type StoredKey } from "../../gateway/keys/stored_keys.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import type { Store } from "../../records/store.ts";

const NOW = 1_800_000_000_000;
const CONFIGURED = [
  { name: "alice", secret: "key-a", limits: { requestsPerMinute: 5 } },
  { name: "bob", secret: "key-b", limits: {} },
];

function ask(headers: Record<string, string>): Request {
  return new Request("http://gateway/v1/models", { headers });
}

function askWith(secret: string): Request {
  return ask({ authorization: `Bearer ${secret}` });
}

/** An access over these keys; `store` is where stored ones come from. */
function accessTo(
  {
    keys = CONFIGURED,
    store = createMemoryStore({ now: () => NOW, limit: 1e6 }),
    isAdministered = true,
    told = [] as string[],
  } = {},
): Access {
  const stored = createStoredKeys({ store, now: () => NOW, closing: new AbortController().signal });
  return createAccess({
    keys,
    stored,
    isAdministered,
    now: () => NOW,
    log: { warn: (message) => void told.push(message) },
  });
}

async function storeWith(...keys: (Partial<StoredKey> & { secret: string })[]): Promise<Store> {
  const store = createMemoryStore({ now: () => NOW, limit: 1e6 });
  const stored = createStoredKeys({ store, now: () => NOW, closing: new AbortController().signal });
  for (const [at, { secret, ...key }] of keys.entries()) {
    const digest = formatDigest(digestOf(secret));
    const id = `key_${at}`;
    await stored.add({ id, name: `stored ${at}`, digest, prefix: "sk", limits: {}, createdAt: NOW, ...key });
  }
  return store;
}

Deno.test("Q10 every official client's way of sending a key is accepted, and names its owner", async () => {
  const access = accessTo();
  const nameOf = async (request: Request) => (await access.identify(request))?.name;
  assert.equal(await nameOf(ask({ "authorization": "Bearer key-a" })), "alice");
  assert.equal(await nameOf(ask({ "authorization": "bearer  key-b " })), "bob");
  assert.equal(await nameOf(ask({ "x-api-key": "key-a" })), "alice");
  assert.equal(await nameOf(ask({ "api-key": "key-b" })), "bob");
  assert.equal(await nameOf(ask({ "x-goog-api-key": "key-b" })), "bob");
  assert.equal(await nameOf(new Request("http://gateway/v1beta/models?key=key-a&alt=sse")), "alice");
});

Deno.test("a missing and a wrong key are told apart by their code, both unauthorized", async () => {
  const access = accessTo();
  await assert.rejects(access.identify(ask({})), { kind: "unauthorized", code: "missing_api_key" });
  await assert.rejects(access.identify(askWith("key-")), { kind: "unauthorized" });
  await assert.rejects(access.identify(ask({ "authorization": "Basic key-a" })), { kind: "unauthorized" });
});

Deno.test("a gateway without keys is open to all, whatever they send", async () => {
  const access = accessTo({ keys: [] });
  assert.equal(await access.identify(askWith("x")), undefined);
  assert.equal(await access.isOpen(), true);
  assert.equal(await accessTo().isOpen(), false);
});

Deno.test("a key says who its client is and what it may use, wherever it is kept", async () => {
  const secret = newSecret();
  const access = accessTo({ store: await storeWith({ secret, name: "phone", limits: { tokensPerDay: 9 } }) });
  assert.deepEqual(await access.identify(askWith("key-a")), {
    id: "alice",
    name: "alice",
    limits: { requestsPerMinute: 5 },
    source: "configuration",
  });
  assert.deepEqual(await access.identify(askWith(secret)), {
    id: "key_0",
    name: "phone",
    limits: { tokensPerDay: 9 },
    source: "storage",
  });
});

Deno.test("one stored key closes a gateway that was open", async () => {
  const access = accessTo({ keys: [], store: await storeWith({ secret: newSecret() }) });
  await assert.rejects(access.identify(ask({})), { kind: "unauthorized", code: "missing_api_key" });
  await assert.rejects(access.identify(askWith(newSecret())), { kind: "unauthorized" });
  assert.equal(await access.isOpen(), false);
});

Deno.test("a gateway does not open to all when its last stored key is deleted", async () => {
  const store = await storeWith({ secret: newSecret() });
  await createStoredKeys({ store, now: () => NOW, closing: new AbortController().signal }).remove("key_0");
  await assert.rejects(accessTo({ keys: [], store }).identify(askWith("x")), { kind: "unauthorized" });
});

Deno.test("a key that is disabled or has expired is refused, and says which", async () => {
  const [disabled, expired, good] = [newSecret(), newSecret(), newSecret()];
  const store = await storeWith(
    { secret: disabled, disabled: true },
    { secret: expired, expiresAt: NOW },
    { secret: good, expiresAt: NOW + 1 },
  );
  const access = accessTo({ store });
  await assert.rejects(access.identify(askWith(disabled)), { kind: "unauthorized", message: /is disabled$/ });
  await assert.rejects(access.identify(askWith(expired)), { kind: "unauthorized", message: /has expired$/ });
  assert.equal((await access.identify(askWith(good)))?.name, "stored 2");
});

Deno.test("while the storage has never been reached, unknown keys are not taken for wrong ones, nor a closed gateway for open", async () => {
  const store = createMemoryStore({ now: () => NOW, limit: 1e6 });
  const away: Store = { ...store, state: () => ({ mode: "memory", degraded: "Deno KV cannot be used" }) };
  for (const keys of [[], CONFIGURED]) {
    const told: string[] = [];
    const access = accessTo({ keys, store: away, told });
    for (let count = 0; count < 2; count++) {
      await assert.rejects(access.identify(askWith("x")), { kind: "overloaded", retryAfter: 1000 });
    }
    assert.equal(await access.isOpen(), false);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /storageProblem in GET \/health, or set USER_SET_KEY/);
  }
  assert.equal((await accessTo({ store: away }).identify(askWith("key-a")))?.name, "alice");
  // Nobody can have added a key where there is no admin.
  assert.equal(await accessTo({ keys: [], store: away, isAdministered: false }).identify(ask({})), undefined);
});

Deno.test("where there is no storage nobody can have made a key: an administered gateway without keys is open", async () => {
  const store = createMemoryStore({ now: () => NOW, limit: 1e6 });
  const missing: Store = { ...store, state: () => ({ mode: "memory", missing: "There is no Deno KV" }) };
  assert.equal(await accessTo({ keys: [], store: missing }).identify(askWith("x")), undefined);
  await assert.rejects(accessTo({ keys: CONFIGURED, store: missing }).identify(askWith("x")), { kind: "unauthorized" });
});

Deno.test("a secret is random, and shows no more of itself than its first characters", () => {
  const secrets = Array.from({ length: 100 }, newSecret);
  assert.equal(new Set(secrets.map((secret) => secret.slice(7))).size, 100);
  for (const secret of secrets) {
    assert.match(secret, /^sk-any-[\w-]{43}$/);
    assert.equal(prefixOf(secret), secret.slice(0, 11));
  }
});
