/** What was written for the systems this one replaces goes on working unchanged. */

import assert from "node:assert/strict";
import { configOf, providerOf } from "../../support/config.ts";

/** Every key that nostreaming reads, with `fakeStreamInterval` in the place its program wants it. */
const NOSTREAMING = `[app]
host = "0.0.0.0"
port = 3000
keys = ["sk-XXXXX"]

[advanced]
fakeStreamInterval = 500
maxRetries = 3
contentSpoof = true

[logging]
level = "warn"

[providers.my-openai]
enabled = true
type = "openai"
endpoint = "https://relay.example.com/v1"
api_key = "sk-proj-1234567890"

[providers.my-openai.filter]
mode = "whitelist"
models = ["gpt-4o", "gpt-4o-mini"]

[providers.other]
enabled = false
type = "openai"
endpoint = "https://other.example.com/v1"
api_key = "sk-2"
`;

Deno.test("nostreaming's file works unchanged, and says all it said", () => {
  const config = configOf({ toml: NOSTREAMING });
  assert.deepEqual(config.warnings, []);
  assert.equal(config.host, "0.0.0.0");
  assert.equal(config.port, 3000);
  assert.deepEqual(config.keys.map(({ secret }) => secret), ["sk-XXXXX"]);
  assert.equal(config.advanced.fakeStreamInterval, 500);
  assert.equal(config.advanced.maxRetries, 3);
  assert.equal(config.advanced.requestVariation, "always");
  assert.equal(config.logging.level, "warn");
  assert.deepEqual(config.providers.map(({ name }) => name), ["my-openai", "demo"]);
  const { endpoint, apiKeys, filter, stream } = providerOf(config, "my-openai");
  assert.equal(endpoint, "https://relay.example.com/v1");
  assert.deepEqual(apiKeys, ["sk-proj-1234567890"]);
  assert.deepEqual(filter, { mode: "whitelist", models: ["gpt-4o", "gpt-4o-mini"] });
  assert.equal(stream, "fake");
});

Deno.test("fakeStreamInterval under [app], as in nostreaming's README, is the same", () => {
  const toml =
    "[app]\nfakeStreamInterval = 750\n[providers.x]\ntype = 'openai'\nendpoint = 'https://x.test'\napi_key = 'k'";
  const config = configOf({ toml });
  assert.equal(config.advanced.fakeStreamInterval, 750);
  assert.equal(providerOf(config, "x").stream, "fake");
});

Deno.test("an old file that leaves its interval out is known by contentSpoof; its streams are kept alive by chunks", () => {
  const provider = "[providers.x]\nendpoint = 'https://x.test'\napi_key = 'k'\n";
  for (const sign of ["contentSpoof = false", "contentSpoof = true", "fakeStreamInterval = 1"]) {
    const config = configOf({ toml: `[advanced]\n${sign}\n${provider}` });
    assert.deepEqual([providerOf(config, "x").stream, config.advanced.keepAlive], ["fake", "chunk"], sign);
  }
  const said = configOf({ toml: `[advanced]\ncontentSpoof = true\nkeepAlive = 'comment'\n${provider}` });
  assert.equal(said.advanced.keepAlive, "comment");
  for (const variation of ["'retry'", "false", "true"]) {
    const ours = configOf({ toml: `[advanced]\nrequestVariation = ${variation}\n${provider}` });
    assert.deepEqual([providerOf(ours, "x").stream, ours.advanced.keepAlive], ["auto", "comment"], variation);
  }
});

Deno.test("maxRetries under [app], as one version of nostreaming had it, is the same, and may be as many as there", () => {
  assert.equal(configOf({ toml: "[app]\nmaxRetries = 50" }).advanced.maxRetries, 50);
});

Deno.test("a file that says stream anywhere, or does not set fakeStreamInterval, is no old file", () => {
  const provider = (name: string, more = "") => `[providers.${name}]\nendpoint = 'https://${name}.test'\n${more}\n`;
  const interval = "[advanced]\nfakeStreamInterval = 500\n";
  const mixed = configOf({ toml: interval + provider("a", "stream = 'real'") + provider("b") });
  assert.equal(providerOf(mixed, "a").stream, "real");
  assert.equal(providerOf(mixed, "b").stream, "auto");
  assert.equal(providerOf(configOf({ toml: provider("a") }), "a").stream, "auto");
});

Deno.test("an old file means fake for its own providers, a variable for what it names", () => {
  const config = configOf({ toml: NOSTREAMING, env: { GROQ_API_KEY: "g", PROVIDER_MY_OPENAI_STREAM: "real" } });
  assert.equal(providerOf(config, "groq").stream, "auto");
  assert.equal(providerOf(config, "my-openai").stream, "real");
});

Deno.test("contentSpoof = false varies nothing, and requestVariation goes before it", () => {
  assert.equal(configOf({ toml: "[advanced]\ncontentSpoof = false" }).advanced.requestVariation, "off");
  for (
    const toml of ["contentSpoof = true\nrequestVariation = 'retry'", "requestVariation = 'retry'\ncontentSpoof = true"]
  ) {
    assert.equal(configOf({ toml: `[advanced]\n${toml}` }).advanced.requestVariation, "retry");
  }
});

const LANGFAST = {
  LANGFAST_SUPABASE_URL: "https://project.supabase.co",
  LANGFAST_ANON_KEY: "anon",
  LANGFAST_SOCKET_URL: "wss://socket.test",
};

Deno.test("LangFast's variables switch it on", () => {
  const config = configOf({ env: { ...LANGFAST, LANGFAST_ACCESS_TOKEN: "a", LANGFAST_REFRESH_TOKEN: "r" } });
  const { type, langfast, origin } = providerOf(config, "langfast");
  assert.equal(type, "langfast");
  assert.equal(origin, "environment");
  assert.deepEqual(langfast, {
    supabaseUrl: "https://project.supabase.co",
    anonKey: "anon",
    socketUrl: "wss://socket.test",
    accessToken: "a",
    refreshToken: "r",
  });
});

Deno.test("LangFast's addresses are taken as a browser's tools show them: a host, or the socket's URL with its query", () => {
  const addresses = (supabase: string, socket: string) => {
    const env = { ...LANGFAST, LANGFAST_SUPABASE_URL: supabase, LANGFAST_SOCKET_URL: socket };
    return Object.values(providerOf(configOf({ env }), "langfast").langfast as object).filter((text) =>
      text !== "anon"
    );
  };
  assert.deepEqual(addresses("project.supabase.co", "socket.test:8443/socket.io/?EIO=4&transport=websocket"), [
    "https://project.supabase.co",
    "https://socket.test:8443/socket.io/",
  ]);
  const local = addresses("127.0.0.1:54321", "ws://localhost:1/socket.io/?transport=websocket&EIO=4");
  assert.deepEqual(local, ["http://127.0.0.1:54321", "ws://localhost:1/socket.io/"]);
  const paths = addresses("abc.supabase.co/auth/v1/signup", "localhost.example.com");
  assert.deepEqual(paths, ["https://abc.supabase.co", "https://localhost.example.com"]);
  const relay = "https://relay.test/functions/v1/langfast";
  assert.equal(addresses(relay, "wss://socket.test")[0], relay);
  const socket = "wss://socket.test/socket.io/?EIO=4&transport=websocket&sid=abc";
  assert.deepEqual(addresses(" https://a.test ", socket), ["https://a.test", "wss://socket.test/socket.io/"]);
});

Deno.test("a LangFast of the file takes what it lacks from the variables, under its own name", () => {
  const toml = "[providers.lf]\ntype = 'langfast'\nanon_key = 'mine'";
  const config = configOf({ toml, env: LANGFAST });
  assert.deepEqual(config.providers.map(({ name }) => name), ["lf", "demo"]);
  assert.deepEqual(providerOf(config, "lf").langfast, {
    supabaseUrl: "https://project.supabase.co",
    anonKey: "mine",
    socketUrl: "wss://socket.test",
  });
  assert.equal(providerOf(config, "lf").vendor, "langfast");
});

Deno.test("a LangFast that the file switches off stays off", () => {
  const { providers } = configOf({ toml: "[providers.langfast]\nenabled = false", env: LANGFAST });
  assert.deepEqual(providers.map(({ name }) => name), ["demo"]);
});
