/** Which providers are on, from where, and what the registry adds to them. */

import assert from "node:assert/strict";
import { configOf, providerOf } from "../../support/config.ts";

const names = (sources: Parameters<typeof configOf>[0]) => configOf(sources).providers.map(({ name }) => name);

Deno.test("a vendor's key switches the vendor on, with its endpoint, header and quirks", () => {
  const deepseek = providerOf(configOf({ env: { DEEPSEEK_API_KEY: "a, b" } }), "deepseek");
  assert.equal(deepseek.type, "openai");
  assert.equal(deepseek.endpoint, "https://api.deepseek.com");
  assert.deepEqual(deepseek.apiKeys, ["a", "b"]);
  assert.equal(deepseek.auth, "bearer");
  assert.deepEqual(deepseek.quirks, { replayReasoning: true, maxTokensField: "max_tokens" });
  assert.equal(deepseek.origin, "environment");
  const anthropic = providerOf(configOf({ env: { ANTHROPIC_API_KEY: "a" } }), "anthropic");
  assert.deepEqual([anthropic.type, anthropic.auth], ["anthropic", "x-api-key"]);
  const gemini = providerOf(configOf({ env: { GEMINI_API_KEY: "a" } }), "gemini");
  assert.deepEqual([gemini.type, gemini.auth], ["gemini", "x-goog-api-key"]);
});

Deno.test("providers stand in the order of the file, then the registry's, then the variables', then the demo", () => {
  const env = { PROVIDER_Z_ENDPOINT: "https://z.test", GROQ_API_KEY: "g", OPENAI_API_KEY: "o" };
  const toml = "[providers.b]\nendpoint = 'https://b.test'\n[providers.groq]\nenabled = true";
  assert.deepEqual(names({ env, toml }), ["b", "groq", "openai", "z", "demo"]);
});

Deno.test("a vendor of the file needs no more than its name and its key", () => {
  const groq = providerOf(configOf({ toml: "[providers.groq]\napi_key = 'g'" }), "groq");
  assert.equal(groq.endpoint, "https://api.groq.com/openai/v1");
  assert.equal(groq.origin, "file");
});

Deno.test("a base URL moves a vendor, and takes its quirks away with its host", () => {
  for (const name of ["OPENAI_BASE_URL", "OPENAI_ENDPOINT", "PROVIDER_OPENAI_ENDPOINT", "PROVIDER_OPENAI_BASE_URL"]) {
    const openai = providerOf(configOf({ env: { OPENAI_API_KEY: "o", [name]: "https://relay.test/v1/" } }), "openai");
    assert.equal(openai.endpoint, "https://relay.test/v1", name);
    assert.deepEqual(openai.quirks, {}, name);
  }
});

Deno.test("a vendor is known by its host under any name", () => {
  const toml = "[providers.kimi]\nendpoint = 'https://api.moonshot.cn/v1'\napi_key = 'k'\nquirks = { tolerant = true }";
  const kimi = providerOf(configOf({ toml }), "kimi");
  assert.equal(kimi.vendor, "moonshot");
  assert.deepEqual(kimi.quirks, { replayReasoning: true, tolerant: true });
});

Deno.test("a quirk that is set goes before the registry's", () => {
  const env = { DEEPSEEK_API_KEY: "d", PROVIDER_DEEPSEEK_QUIRKS_REPLAY_REASONING: "false" };
  const { quirks } = providerOf(configOf({ env }), "deepseek");
  assert.deepEqual(quirks, { replayReasoning: false, maxTokensField: "max_tokens" });
});

Deno.test("a base URL without a key switches no vendor on: it may be meant for another program", () => {
  assert.deepEqual(names({ env: { ANTHROPIC_BASE_URL: "http://localhost:8000", OPENAI_BASE_URL: "http://x.test" } }), [
    "demo",
  ]);
});

Deno.test("a server on the user's own machine is switched on by its base URL and wants no key", () => {
  const config = configOf({
    env: { OLLAMA_BASE_URL: "http://nas:11434/", LMSTUDIO_BASE_URL: "http://localhost:1234/v1" },
  });
  assert.deepEqual(config.providers.map(({ name, type }) => [name, type]), [
    ["ollama", "ollama"],
    ["lmstudio", "openai"],
    ["demo", "demo"],
  ]);
  assert.equal(providerOf(config, "ollama").endpoint, "http://nas:11434");
  assert(!config.warnings.some((warning) => warning.includes("API key")));
});

Deno.test("Anthropic's and Gemini's base URLs get the version that their clients add themselves", () => {
  const cases = [
    ["anthropic", "https://relay.test", "https://relay.test/v1"],
    ["anthropic", "https://api.deepseek.com/anthropic/", "https://api.deepseek.com/anthropic/v1"],
    ["anthropic", "https://relay.test/v1/", "https://relay.test/v1"],
    ["gemini", "https://relay.test", "https://relay.test/v1beta"],
    ["gemini", "https://relay.test/v1", "https://relay.test/v1"],
    ["gemini", "https://relay.test/v1beta", "https://relay.test/v1beta"],
    ["openai", "https://relay.test", "https://relay.test"],
    ["openai", "https://relay.test/v1///", "https://relay.test/v1"],
    ["ollama", "http://nas:11434/", "http://nas:11434"],
  ];
  for (const [type, endpoint, expected] of cases) {
    const toml = `[providers.x]\ntype = "${type}"\nendpoint = "${endpoint}"`;
    assert.equal(providerOf(configOf({ toml }), "x").endpoint, expected, `${type} ${endpoint}`);
  }
});

Deno.test("Azure takes its endpoint from its own variable, without or with a path, and its version where one is set", () => {
  const env = { AZURE_OPENAI_API_KEY: "k", AZURE_OPENAI_ENDPOINT: "https://me.openai.azure.com/" };
  const azure = providerOf(configOf({ env }), "azure");
  assert.equal(azure.endpoint, "https://me.openai.azure.com/openai/v1");
  assert.equal(azure.auth, "api-key");
  assert.deepEqual(azure.query, {});
  assert.deepEqual(azure.quirks, {
    maxTokensField: "max_completion_tokens",
    developerRole: true,
    customTools: true,
    cacheKey: true,
    replayReasoning: false,
  });
  const dated = providerOf(
    configOf({
      env: {
        ...env,
        AZURE_OPENAI_ENDPOINT: "https://me.openai.azure.com/openai/deployments/gpt",
        AZURE_OPENAI_API_VERSION: "2024-10-21",
      },
    }),
    "azure",
  );
  assert.equal(dated.endpoint, "https://me.openai.azure.com/openai/deployments/gpt");
  assert.deepEqual(dated.query, { "api-version": "2024-10-21" });
});

Deno.test("PROVIDER_<NAME>_… makes a provider, or sets one of the file under its spelling there", () => {
  const env = { PROVIDER_MY_RELAY_ENDPOINT: "https://env.test", PROVIDER_MY_RELAY_FILTER_MODELS: "a" };
  const fresh = configOf({ env: { ...env, PROVIDER_MY_RELAY_FILTER_MODE: "whitelist" } });
  assert.deepEqual(providerOf(fresh, "my-relay").filter, { mode: "whitelist", models: ["a"] });
  const toml = "[providers.My_Relay]\nendpoint = 'https://file.test'\nfilter = { mode = 'blacklist', models = ['b'] }";
  const mine = providerOf(configOf({ env, toml }), "My_Relay");
  assert.equal(mine.endpoint, "https://env.test");
  assert.deepEqual(mine.filter, { mode: "blacklist", models: ["a"] });
  assert.equal(mine.origin, "file");
});

Deno.test("the demo is on unless it is switched off", () => {
  const env = { OPENAI_API_KEY: "o" };
  assert.deepEqual(names({ env }), ["openai", "demo"]);
  assert.deepEqual(names({ env: { ...env, DEMO: "off" } }), ["openai"]);
  assert.deepEqual(names({ env: { ...env, PROVIDER_DEMO_ENABLED: "no" } }), ["openai"]);
  assert.deepEqual(names({ env, toml: "[providers.demo]\nenabled = false" }), ["openai"]);
  assert.deepEqual(names({ env: { ...env, DEMO: "on" }, toml: "[providers.demo]\nenabled = false" }), [
    "demo",
    "openai",
  ]);
});

Deno.test("a provider of the file that is off stays off, and what it lacks is no problem", () => {
  const toml =
    "[providers.openai]\nenabled = false\n[providers.x]\nenabled = false\napi_key = '${UNSET}'\nstream = 'bad'";
  assert.deepEqual(names({ toml, env: { OPENAI_API_KEY: "o" } }), ["demo"]);
});

Deno.test("a provider inherits pace and timeouts, and may have its own", () => {
  const toml = "[advanced]\npace = 30\n[advanced.timeouts]\nidle = 1\ntotal = 2\n" +
    "[providers.a]\nendpoint = 'https://a.test'\n[providers.b]\nendpoint = 'https://b.test'\npace = 0\ntimeouts = { idle = 9 }";
  const config = configOf({ toml });
  const [a, b] = [providerOf(config, "a"), providerOf(config, "b")];
  assert.equal(a.pace, 30);
  assert.equal(b.pace, 0);
  assert.deepEqual(a.timeouts, { connect: 10_000, headers: 600_000, firstContent: 600_000, idle: 1, total: 2 });
  assert.deepEqual(b.timeouts, { connect: 10_000, headers: 600_000, firstContent: 600_000, idle: 9, total: 2 });
});

Deno.test("a vendor's key does not go to a host the file gives with a key of its own", () => {
  const toml = "[providers.openai]\nendpoint = 'https://relay.test/v1'\napi_key = 'relay-key'";
  const config = configOf({ toml, env: { OPENAI_API_KEY: "real-key" } });
  assert.deepEqual(providerOf(config, "openai").apiKeys, ["relay-key"]);
  assert(config.warnings.some((warning) => warning.startsWith("OPENAI_API_KEY is not used")));
  const same = configOf({ toml: "[providers.openai]\napi_key = 'old'", env: { OPENAI_API_KEY: "new" } });
  assert.deepEqual(providerOf(same, "openai").apiKeys, ["new"]);
  const meant = configOf({ toml, env: { OPENAI_API_KEY: "x", PROVIDER_OPENAI_API_KEY: "meant" } });
  assert.deepEqual(providerOf(meant, "openai").apiKeys, ["meant"]);
});

Deno.test("a vendor without its key is told", () => {
  const { warnings } = configOf({ toml: "[providers.groq]\napi_key = ''" });
  assert(warnings.includes('Provider "groq" has no API key and Groq wants one: set GROQ_API_KEY'));
});

Deno.test("a setting that a provider's type does not have is told", () => {
  const { warnings } = configOf({ toml: "[providers.demo]\nendpoint = 'https://x.test'" });
  assert(warnings.includes('config.toml [providers.demo].endpoint does nothing as provider "demo" is of type demo'));
});
