/** Providers that come and go while the gateway runs. */

import assert from "node:assert/strict";
import type { ProviderConfig } from "../../gateway/config/mod.ts";
import { createModelLabel } from "../../gateway/metrics/mod.ts";
import { createPriceBook } from "../../gateway/price_book.ts";
import { createRoster, type Roster } from "../../gateway/roster.ts";
import type { ProviderPorts } from "../../providers/provider.ts";
import { configOf } from "../support/config.ts";

const BOOT = { env: { PROVIDER_BOOT_ENDPOINT: "https://boot.test/v1", PROVIDER_BOOT_MODELS: "m", DEMO: "off" } };

/** A roster over one provider of the configuration, with the URLs that were asked and the keys that were sent. */
function setUp() {
  const calls: string[] = [];
  const ports: ProviderPorts = {
    fetch: (input, init) => {
      calls.push(`${input} ${new Headers(init?.headers).get("authorization") ?? ""}`.trim());
      return Promise.resolve(Response.json({ data: [{ id: "listed" }] }));
    },
    WebSocket,
    resolveHost: () => Promise.resolve([]),
    now: () => 0,
    random: () => 0,
    randomId: () => "id",
  };
  return { roster: createRoster(configOf(BOOT), ports), calls };
}

function provider(name: string, variables: Record<string, string> = {}): ProviderConfig {
  const env = Object.fromEntries(Object.entries(variables).map(([key, value]) => [`PROVIDER_X_${key}`, value]));
  const config = configOf({ env: { DEMO: "off", PROVIDER_X_ENDPOINT: `https://${name}.test/v1`, ...env } });
  return { ...config.providers[0]!, name };
}

const clientOf = async ({ catalog }: Roster, id: string) => (await catalog.resolve(id)).candidates[0].provider;
const listOf = async ({ catalog }: Roster) => (await catalog.list()).map(({ id }) => id);

Deno.test("an added provider is seen by whoever held the settings and the catalogue before", async () => {
  const { roster } = setUp();
  const { config, catalog } = roster;
  const label = createModelLabel(config);
  roster.take([provider("new", { MODELS: "given" })]);
  assert.deepEqual(config.providers.map(({ name }) => name), ["boot", "new"]);
  assert.deepEqual((await catalog.list()).map(({ id }) => id), ["boot/m", "new/given"]);
  assert.deepEqual(catalog.state().map(({ provider }) => provider), ["boot", "new"]);
  const ended = {
    id: "r",
    startedAt: 0,
    dialect: "openai_chat",
    stream: false,
    attempts: [],
    lost: [],
    owner: "",
    chunks: 0,
  } as const;
  assert.equal(label({ ...ended, attempts: [], lost: [], provider: "new", upstreamModel: "given" }), "given");
});

Deno.test("a provider that did not change keeps its client, its list and the turn of its keys; one that did is made anew", async () => {
  const { roster, calls } = setUp();
  roster.take([provider("a", { API_KEYS: "k1,k2" }), provider("b")]);
  const [boot, a, b] = await Promise.all(["boot/m", "a/m", "b/m"].map((id) => clientOf(roster, id)));
  await roster.catalog.list();
  assert.deepEqual(calls, ["https://a.test/v1/models Bearer k1", "https://b.test/v1/models"]);
  roster.take([provider("a", { API_KEYS: "k1,k2" }), provider("b", { PACE: "7" }), provider("c")]);
  assert.equal(await clientOf(roster, "boot/m"), boot);
  assert.equal(await clientOf(roster, "a/m"), a);
  assert.notEqual(await clientOf(roster, "b/m"), b);
  assert.deepEqual(await listOf(roster), ["boot/m", "a/listed", "b/listed", "c/listed"]);
  assert.deepEqual(calls.slice(2), ["https://b.test/v1/models", "https://c.test/v1/models"]);
  await a!.listModels(new AbortController().signal);
  assert.equal(calls.at(-1), "https://a.test/v1/models Bearer k2");
});

Deno.test("what was resolved before goes on with a provider that was removed; who comes after does not find it", async () => {
  const { roster, calls } = setUp();
  roster.take([provider("old")]);
  const { candidates: [candidate] } = await roster.catalog.resolve("old/m");
  roster.take([]);
  await assert.rejects(roster.catalog.resolve("old/m"), { kind: "unknown-model" });
  assert.deepEqual(await listOf(roster), ["boot/m"]);
  await candidate.provider.listModels(new AbortController().signal);
  assert.deepEqual(calls, ["https://old.test/v1/models"]);
});

Deno.test("settings that no client can be made of leave all as it was", async () => {
  const { roster } = setUp();
  roster.take([provider("a")]);
  const { langfast } = configOf({
    env: {
      LANGFAST_SUPABASE_URL: "https://s.test",
      LANGFAST_SOCKET_URL: "wss://s.test",
      LANGFAST_ANON_KEY: "k",
      LANGFAST_ACCESS_TOKEN: "no token",
      DEMO: "off",
    },
  }).providers.reduce((found, own) => ({ ...found, [own.type]: own }), {} as { langfast?: ProviderConfig });
  assert.throws(() => roster.take([provider("b"), langfast!]), { kind: "configuration" });
  assert.deepEqual(roster.config.providers.map(({ name }) => name), ["boot", "a"]);
  assert.equal((await clientOf(roster, "a/m")).name, "a");
});

Deno.test("what a provider answered has its price after it was removed", () => {
  const models = { models: { "m": { prices: { input: 1, output: 2 } } } };
  const { roster } = setUp();
  const pricesOf = createPriceBook({ ...roster.config, models: configOf({ models }).models });
  assert.deepEqual(pricesOf("gone", "m"), { input: 1, output: 2 });
});
