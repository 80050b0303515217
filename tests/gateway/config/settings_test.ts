/** The table of settings: each one takes effect from its variable and from every place in the file. */

import assert from "node:assert/strict";
import { type Config, PROVIDER_SETTINGS, SETTINGS } from "../../../gateway/config/mod.ts";
import { configOf, providerOf } from "../../support/config.ts";

/** A valid value that is not the default, as text, and what it is read as where that differs. */
const VALUES: Record<keyof typeof SETTINGS, [string, unknown?]> = {
  "host": ["127.0.0.1"],
  "port": ["9", 9],
  "keys": ["k", [{ name: "key-1", secret: "k", limits: {} }]],
  "adminKey": ["admin"],
  "advanced.fakeStreamInterval": ["1000", 1000],
  "advanced.keepAliveInterval": ["1000", 1000],
  "advanced.keepAlive": ["Chunk", "chunk"],
  "advanced.maxRetries": ["7", 7],
  "advanced.requestVariation": ["retry"],
  "advanced.jsonKeepAlive": ["on", true],
  "advanced.debugHeaders": ["true", true],
  "advanced.pace": ["12.5", 12.5],
  "advanced.bodyLimit": ["2048", 2048],
  "advanced.modelsTtl": ["0", 0],
  "advanced.searchModel": ["gemini/gemini-flash-latest"],
  "advanced.affinity": ["off", false],
  "advanced.maxConcurrent": ["1", 1],
  "advanced.maxQueue": ["1", 1],
  "advanced.queueTimeout": ["1", 1],
  "advanced.timeouts.connect": ["1", 1],
  "advanced.timeouts.headers": ["2", 2],
  "advanced.timeouts.firstContent": ["3", 3],
  "advanced.timeouts.idle": ["4", 4],
  "advanced.timeouts.total": ["5", 5],
  "logging.level": ["DEBUG", "debug"],
  "logging.format": ["json"],
  "metrics.access": ["Open", "open"],
  "records.enabled": ["off", false],
  "records.bodies": ["Full", "full"],
  "records.limit": ["2048", 2048],
  "records.expire": ["60000", 60_000],
  "storage.url": ["https://kv.test/v2"],
  "streams.resume": ["phone, *", ["phone", "*"]],
  "streams.linger": ["0", 0],
  "streams.limit": ["2048", 2048],
  "streams.expire": ["60000", 60_000],
  "security.allowPrivateProviders": ["on", true],
  "responses.store": ["Never", "never"],
  "responses.limit": ["2048", 2048],
  "responses.expire": ["60000", 60_000],
  "sessions.enabled": ["off", false],
  "sessions.reasoning": ["on", true],
  "sessions.limit": ["2048", 2048],
  "sessions.expire": ["60000", 60_000],
  "cors.origins": ["https://a.test, https://b.test", ["https://a.test", "https://b.test"]],
};

for (const [path, setting] of Object.entries(SETTINGS)) {
  const [text, value = text] = VALUES[path as keyof typeof SETTINGS];

  Deno.test(`${path} is set by ${setting.env.join(", ")} and by ${setting.toml.join(", ")}`, () => {
    assert.notDeepEqual(at(configOf({}), path), value, "the value is not the default");
    for (const name of setting.env) assert.deepEqual(at(configOf({ env: { [name]: text } }), path), value, name);
    for (const place of setting.toml) {
      const toml = `${place} = ${JSON.stringify(text)}`;
      assert.deepEqual(at(configOf({ toml }), path), value, place);
    }
  });
}

const PROVIDER_VALUES: Record<string, [string, unknown?]> = {
  "type": ["OpenAI", "openai"],
  "endpoint": ["https://relay.test/v1/", "https://relay.test/v1"],
  "apiKeys": ["a,b", ["a", "b"]],
  "stream": ["fake"],
  "pace": ["20", 20],
  "api": ["responses"],
  "auth": ["x-api-key"],
  "headers": ['{"x-title":"t"}', { "x-title": "t" }],
  "query": ['{"v":"1"}', { v: "1" }],
  "models": ["m1, m2", ["m1", "m2"]],
  "filter.mode": ["blacklist"],
  "filter.models": ["m*", ["m*"]],
  "timeouts.connect": ["1", 1],
  "timeouts.headers": ["2", 2],
  "timeouts.firstContent": ["3", 3],
  "timeouts.idle": ["4", 4],
  "timeouts.total": ["5", 5],
  "quirks.noStreamOptions": ["true", true],
  "quirks.flatContent": ["true", true],
  "quirks.maxTokensField": ["max_tokens"],
  "quirks.tolerant": ["true", true],
  "quirks.thinkTags": ["false", false],
  "quirks.replayReasoning": ["true", true],
  "quirks.refusedFields": ["store, metadata", ["store", "metadata"]],
  "quirks.developerRole": ["true", true],
  "quirks.webSearch": ["glm", "glm"],
  "quirks.reasoningDetails": ["true", true],
  "quirks.customTools": ["yes", true],
  "quirks.cacheKey": ["true", true],
  "quirks.cacheMarks": ["off", false],
  "quirks.noSystemTurns": ["yes", true],
};

/** What a provider must have besides, so that the one setting makes a whole. */
const NEEDED = { "endpoint": "https://needed.test", "filter.mode": "whitelist", "filter.models": "x" };

for (const [path, [text, value = text]] of Object.entries(PROVIDER_VALUES)) {
  const setting = PROVIDER_SETTINGS[path as keyof typeof PROVIDER_SETTINGS];
  const needed = Object.entries(NEEDED).filter(([other]) => other !== path);

  Deno.test(`a provider's ${path} is set by its variable and by ${setting.toml.join(", ")}`, () => {
    for (const suffix of setting.env) {
      const env = Object.fromEntries(needed.map(([other, value]) => [variableOf(other), value]));
      const config = configOf({ env: { ...env, [`PROVIDER_MY_RELAY_${suffix}`]: text } });
      assert.deepEqual(at(providerOf(config, "my-relay"), path), value, suffix);
    }
    for (const place of setting.toml) {
      const rest = needed.map(([other, value]) => `${other} = ${JSON.stringify(value)}`);
      const toml = ["[providers.my-relay]", ...rest, `${place} = ${JSON.stringify(text)}`].join("\n");
      assert.deepEqual(at(providerOf(configOf({ toml }), "my-relay"), path), value, place);
    }
  });
}

Deno.test("every setting of a provider is known to these tests", () => {
  const elsewhere = Object.keys(PROVIDER_SETTINGS).filter((path) =>
    /^(enabled$|(langfast|submit|poll|cancel)\.)/.test(path)
  );
  assert.deepEqual([...Object.keys(PROVIDER_VALUES), ...elsewhere].sort(), Object.keys(PROVIDER_SETTINGS).sort());
});

Deno.test("no two settings share a variable or a place in the file", () => {
  for (const table of [SETTINGS, PROVIDER_SETTINGS]) {
    const names = Object.values(table).flatMap(({ env }) => env);
    const places = Object.values(table).flatMap(({ toml }) => toml);
    assert.equal(new Set(names).size, names.length);
    assert.equal(new Set(places).size, places.length);
  }
});

function variableOf(path: string): string {
  return `PROVIDER_MY_RELAY_${PROVIDER_SETTINGS[path as keyof typeof PROVIDER_SETTINGS].env[0]}`;
}

function at(config: Config | Record<string, unknown>, path: string): unknown {
  return path.split(".").reduce((part: unknown, key) => (part as Record<string, unknown>)[key], config);
}
