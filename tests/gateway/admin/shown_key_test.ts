import assert from "node:assert/strict";
import { showKeys } from "../../../gateway/admin/keys/shown_key.ts";
import type { Gateway } from "../../../gateway/gateway.ts";
import type { StoredKey } from "../../../gateway/keys/stored_keys.ts";

const NOW = 1_000;

function key(id: string, more: Partial<StoredKey>): StoredKey {
  return { id, name: id, digest: id, prefix: "sk", limits: {}, createdAt: 0, ...more };
}

function gatewayWith(...stored: StoredKey[]): Gateway {
  const gateway = {
    config: { keys: [{ name: "file", limits: {} }] },
    keys: { all: () => [...stored] },
    limits: { currentGauges: () => Promise.resolve([]) },
    ports: { now: () => NOW },
  };
  return gateway as unknown as Gateway;
}

Deno.test("keys of the configuration stand before those of the storage, of which the newest is the first", async () => {
  const shown = await showKeys(gatewayWith(key("old", { createdAt: 1 }), key("new", { createdAt: 2 })));
  assert.deepEqual(shown.map(({ name }) => name), ["file", "new", "old"]);
});

Deno.test("a key has expired from its moment on, and is disabled before all", async () => {
  const shown = await showKeys(gatewayWith(
    key("ends later", { createdAt: 3, expiresAt: NOW + 1 }),
    key("ends now", { createdAt: 2, expiresAt: NOW }),
    key("off", { createdAt: 1, expiresAt: NOW, disabled: true }),
  ));
  assert.deepEqual(shown.map(({ state }) => state), ["active", "active", "expired", "disabled"]);
});
