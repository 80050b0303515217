/** Sources and their order: environment over TOML over defaults. */

import assert from "node:assert/strict";
import { type Config, exposureOf } from "../../../gateway/config/mod.ts";
import { configOf, problemsOf, providerOf } from "../../support/config.ts";

Deno.test("with nothing set the gateway listens on 0.0.0.0:8000 and only the demo answers", () => {
  const config = configOf({});
  assert.equal(config.host, "0.0.0.0");
  assert.equal(config.port, 8000);
  assert.deepEqual(config.keys, []);
  assert.equal("adminKey" in config, false);
  assert.deepEqual(config.providers.map(({ name, type }) => [name, type]), [["demo", "demo"]]);
  assert.deepEqual(config.models, { models: {} });
});

Deno.test("with nothing set it warns that it is open and that only the demo answers", () => {
  const warningsOf = ({ keys, providers, warnings }: Config) => [
    ...warnings,
    ...exposureOf({ isOpen: keys.length === 0, providers }),
  ];
  const warnings = warningsOf(configOf({}));
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? "", /No client key is set/);
  assert.match(warnings[1] ?? "", /only the built-in demo/);
  assert.deepEqual(warningsOf(configOf({ env: { USER_SET_KEY: "k", OPENAI_API_KEY: "o" } })), []);
});

Deno.test("a variable goes before the file, and the file before the default", () => {
  const toml = "[app]\nport = 3000\nhost = '127.0.0.1'\n[advanced]\nmaxRetries = 5\n";
  const config = configOf({ toml, env: { PORT: "4000" } });
  assert.equal(config.port, 4000);
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.advanced.maxRetries, 5);
  assert.equal(config.advanced.keepAliveInterval, 4000);
});

Deno.test("a variable that is set to nothing is not set", () => {
  assert.equal(configOf({ toml: "[app]\nport = 3000", env: { PORT: "" } }).port, 3000);
  assert.equal(configOf({ toml: "[app]\nkeys = ['a']", env: { USER_SET_KEY: " " } }).keys.length, 1);
});

Deno.test("client keys are texts with commas, a list, or tables with a name", () => {
  assert.deepEqual(configOf({ env: { USER_SET_KEY: "a, b" } }).keys, [
    { name: "key-1", secret: "a", limits: {} },
    { name: "key-2", secret: "b", limits: {} },
  ]);
  const twice = configOf({ env: { USER_SET_KEY: "a, a, b" } }).keys;
  assert.deepEqual(twice.map(({ name, secret }) => [name, secret]), [["key-1", "a"], ["key-3", "b"]]);
  const again = configOf({ toml: "[app]\nkeys = ['a', 'a', 'b']" }).keys;
  assert.deepEqual(again, twice);
  const toml = "[app]\nkeys = ['a', { name = 'phone', key = 'b' }, { key = 'c' }]";
  assert.deepEqual(configOf({ toml }).keys, [
    { name: "key-1", secret: "a", limits: {} },
    { name: "phone", secret: "b", limits: {} },
    { name: "key-3", secret: "c", limits: {} },
  ]);
});

Deno.test("the keys of the environment replace those of the file", () => {
  const config = configOf({ toml: "[app]\nkeys = ['old']", env: { USER_SET_KEY: "new" } });
  assert.deepEqual(config.keys.map(({ secret }) => secret), ["new"]);
  assert.ok(config.warnings.includes("config.toml [app].keys does nothing, as USER_SET_KEY goes before it"));
  assert.doesNotMatch(configOf({ toml: "[app]\nkeys = ['old']" }).warnings.join(), /does nothing/);
});

Deno.test("an origin is told as browsers send it, and what is none is a mistake", () => {
  const origins = (text: string) => configOf({ env: { CORS_ORIGINS: text } }).cors.origins;
  assert.deepEqual(origins("https://a.test/, http://localhost:5173/app, null"), [
    "https://a.test",
    "http://localhost:5173",
    "null",
  ]);
  assert.deepEqual(origins("HTTPS://A.test:443"), ["https://a.test"]);
  assert.deepEqual(origins("chrome-extension://abc, Tauri://localhost/, app://obsidian.md"), [
    ...["chrome-extension://abc", "tauri://localhost", "app://obsidian.md"],
  ]);
  for (const none of ["tauri://", "chrome-extension://*", "x://user@host", "moz-extension://a?b"]) {
    assert.equal(problemsOf({ env: { CORS_ORIGINS: none } }).length, 1, none);
  }
  assert.deepEqual(origins("*"), ["*"]);
  const [problem] = problemsOf({ env: { CORS_ORIGINS: "a.test" } });
  assert.match(JSON.stringify(problem), /a list of origins as https:\/\/app.example.com, or \*/);
});

Deno.test("keys that were meant and are empty do not open the gateway", () => {
  for (
    const sources of [{ env: { USER_SET_KEY: "," } }, { toml: "[app]\nkeys = ['']" }, { toml: "[app]\nkeys = ''" }]
  ) {
    const [problem] = problemsOf(sources);
    assert.equal(problem?.expected, "a key that is not empty");
  }
});

Deno.test("a text in the file takes variables, wherever it stands", () => {
  const toml = `[app]\nport = "\${MY_PORT}"\nkeys = ["\${A}-1", { name = "b", key = "\${B}" }]
[providers.relay]\nendpoint = "https://\${HOST_NAME}/v1"\napi_key = "\${POOL}"\nheaders = { x = "\${A}" }`;
  const config = configOf({ toml, env: { MY_PORT: "9", A: "a", B: "b", HOST_NAME: "relay.test", POOL: "k1,k2" } });
  assert.equal(config.port, 9);
  assert.deepEqual(config.keys.map(({ secret }) => secret), ["a-1", "b"]);
  const relay = providerOf(config, "relay");
  assert.equal(relay.endpoint, "https://relay.test/v1");
  assert.deepEqual(relay.apiKeys, ["k1", "k2"]);
  assert.deepEqual(relay.headers, { x: "a" });
});

Deno.test("a key of the file may be written in camel case, with underscores or with hyphens", () => {
  for (const key of ["keepAliveInterval", "keep_alive_interval", "keep-alive-interval"]) {
    assert.equal(configOf({ toml: `[advanced]\n${key} = 7000` }).advanced.keepAliveInterval, 7000);
  }
});

Deno.test("a file of a Windows editor, with its mark and CRLF, is read", () => {
  assert.equal(configOf({ toml: "\uFEFF[app]\r\nport = 3000\r\n" }).port, 3000);
});

Deno.test("no retries, written as 0, are one attempt", () => {
  assert.equal(configOf({ env: { MAX_RETRIES: "0" } }).advanced.maxRetries, 1);
});

Deno.test("models.json is part of the configuration", () => {
  const models = { models: { "relay/m": { context_window: 1000 } } };
  assert.deepEqual(configOf({ models }).models, models);
});

Deno.test("a client key's limits stand in its table, in any spelling of their names", () => {
  const toml = `[[app.keys]]
name = "phone"
key = "b"
models = ["openai/*", "fast"]
requests_per_minute = 60
tokensPerDay = 100000
money-per-month = 2.5
concurrency = 4`;
  assert.deepEqual(configOf({ toml }).keys, [{
    name: "phone",
    secret: "b",
    limits: {
      models: ["openai/*", "fast"],
      requestsPerMinute: 60,
      tokensPerDay: 100_000,
      moneyPerMonth: 2.5,
      concurrency: 4,
    },
  }]);
});
