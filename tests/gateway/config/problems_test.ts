/** What is told of a mistake: where it stands, what it says, what was expected, and never a secret. */

import assert from "node:assert/strict";
import { describeProblems, parseConfig, PROVIDER_SETTINGS, SETTINGS } from "../../../gateway/config/mod.ts";
import { configOf, problemsOf } from "../../support/config.ts";

type Sources = Parameters<typeof problemsOf>[0];

/** A mistake, and its one line. */
const MISTAKES: [string, Sources, string][] = [
  ["a port that is no number", { env: { PORT: "http" } }, 'PORT is "http", expected a port, from 0 to 65535'],
  [
    "a database of another kind",
    { env: { KV_URL: "redis://127.0.0.1" } },
    'KV_URL is "redis://127.0.0.1", expected the path of a file, the http or https URL of a denokv server, or "memory"',
  ],
  ["a port out of range", { env: { PORT: "65536" } }, 'PORT is "65536", expected a port, from 0 to 65535'],
  [
    "a number in the file that is none",
    { toml: "[advanced]\nmaxRetries = 2.5" },
    "config.toml [advanced].maxRetries is 2.5, expected a whole number from 0 to 100",
  ],
  [
    "a word that is not in the vocabulary",
    { toml: "[logging]\nlevel = 'loud'" },
    'config.toml [logging].level is "loud", expected one of "debug", "info", "warn", "error"',
  ],
  [
    "a flag that is neither",
    { env: { JSON_KEEP_ALIVE: "maybe" } },
    'JSON_KEEP_ALIVE is "maybe", expected true or false',
  ],
  ["a switch that is neither", { env: { DEMO: "maybe" } }, 'DEMO is "maybe", expected true or false'],
  [
    "an old setting of the wrong kind, under its own name",
    { toml: "[app]\nfakeStreamInterval = 'fast'" },
    'config.toml [app].fakeStreamInterval is "fast", expected milliseconds, a whole number from 1 to 604800000',
  ],
  [
    "a timeout of the gateway, once and not for every provider",
    { env: { IDLE_TIMEOUT: "-1", OPENAI_API_KEY: "o" } },
    'IDLE_TIMEOUT is "-1", expected milliseconds, a whole number from 0 to 604800000',
  ],
  [
    "a client key of the wrong shape",
    { toml: "[app]\nkeys = [5]" },
    "config.toml [app].keys[0] is (a secret, not shown), expected a key as text, or a table {name, key}",
  ],
  [
    "a client key's limit that is none, by its place",
    { toml: "[app]\nkeys = ['a', { key = 'b', tokens_per_day = 0 }]" },
    "config.toml [app].keys[1].tokensPerDay is (a secret, not shown), expected a whole number from 1 to 1000000000000",
  ],
  [
    "a client key's limit that nobody knows",
    { toml: "[app]\nkeys = [{ key = 'b', tokens_per_week = 5 }]" },
    "config.toml [app].keys[0].tokens_per_week is (a secret, not shown), expected a key with models, requestsPerMinute, tokensPerMinute and so on, as the example has them",
  ],
  [
    "a key that stands where its name belongs, without being shown",
    { toml: "[app]\nkeys = [{ key = 'b', sk-a1 = 'phone' }]" },
    "config.toml [app].keys[0] is (a secret, not shown), expected a key with models, requestsPerMinute, tokensPerMinute and so on, as the example has them",
  ],
  [
    "a vendor's key that no header can have, as one that was pasted with a page's quotes",
    { env: { OPENAI_API_KEY: "good,\u201csk-good\u201d" } },
    "OPENAI_API_KEY is (a secret, not shown), expected keys of printable ASCII, without quotes around them",
  ],
  [
    "several with the quotes of a shell around them",
    { env: { OPENAI_API_KEY: '"sk-a,sk-b"' } },
    "OPENAI_API_KEY is (a secret, not shown), expected keys of printable ASCII, without quotes around them",
  ],
  [
    "a vendor's key with the quotes of a shell around it",
    { toml: "[providers.x]\nendpoint = 'https://x.test'\napi_key = '\"sk-good\"'" },
    "config.toml [providers.x].api_key is (a secret, not shown), expected keys of printable ASCII, without quotes around them",
  ],
  [
    "an empty list of client keys, which would open what the older proxy closed",
    { toml: "[app]\nkeys = []" },
    "config.toml [app].keys[0] is (a secret, not shown), expected a key that is not empty",
  ],
  [
    "a client key without the key, by its place",
    { toml: "[app]\nkeys = ['a', { name = 'b' }]" },
    "config.toml [app].keys[1] is (a secret, not shown), expected a key that is not empty",
  ],
  [
    "a client key with another's name, be it the one of its place, as it would read what is kept for that",
    { toml: "[app]\nkeys = [{ name = 'key-2', key = 'a' }, 'b']" },
    "config.toml [app].keys[1].name is (a secret, not shown), expected a name that no other has",
  ],
  [
    "a client key that another name has, too, as one's limits would be void",
    { toml: "[app]\nkeys = [{ name = 'a', key = 'k', requestsPerMinute = 1 }, { name = 'b', key = 'k' }]" },
    "config.toml [app].keys[1] is (a secret, not shown), expected keys that differ",
  ],
  [
    "a type that does not exist",
    { toml: "[providers.x]\ntype = 'opnai'" },
    'config.toml [providers.x].type is "opnai", expected one of "openai", "anthropic", "gemini", "ollama", "langfast", "polling", "demo"',
  ],
  [
    "an endpoint that is missing in the file",
    { toml: "[providers.x]\napi_key = 'k'" },
    "config.toml [providers.x].endpoint is missing, expected an http or https URL without user name, password and query",
  ],
  [
    "an endpoint that is missing in the environment",
    { env: { PROVIDER_X_API_KEY: "k" } },
    "PROVIDER_X_ENDPOINT is missing, expected an http or https URL without user name, password and query",
  ],
  [
    "an endpoint that is missing, as another type's is not that of the vendor of its name",
    { toml: "[providers.openai]\ntype = 'anthropic'\napi_key = 'k'" },
    "config.toml [providers.openai].endpoint is missing, expected an http or https URL without user name, password and query",
  ],
  [
    "a vendor's endpoint that is missing",
    { env: { AZURE_OPENAI_API_KEY: "k" } },
    "AZURE_OPENAI_ENDPOINT is missing, expected an http or https URL without user name, password and query",
  ],
  [
    "a scheme that nobody fetches",
    { env: { PROVIDER_X_ENDPOINT: "ftp://x.test" } },
    'PROVIDER_X_ENDPOINT is "ftp://x.test", expected an http or https URL without user name, password and query',
  ],
  [
    "half a filter",
    { toml: "[providers.x]\nendpoint = 'https://x.test'\nfilter = { models = ['a'] }" },
    'config.toml [providers.x.filter].mode is missing, expected one of "whitelist", "blacklist"',
  ],
  [
    "a provider's name with a slash",
    { toml: "[providers.'a/b']\nendpoint = 'https://x.test'" },
    'config.toml [providers].a/b is "a/b", expected a provider name without slash and white space',
  ],
  [
    "a section that is no table",
    { toml: "app = 3" },
    "config.toml app is 3, expected a table",
  ],
  [
    "a key in place of a provider's table",
    { toml: "[providers]\nopenai = 'hunter2'" },
    "config.toml [providers].openai is (a secret, not shown), expected a table",
  ],
  [
    "a variable that is not set",
    { toml: "[providers.x]\nendpoint = '${RELAY}/v1'" },
    'config.toml [providers.x].endpoint is "${RELAY}", expected the environment variable RELAY to be set',
  ],
  [
    "LangFast in part",
    { env: { LANGFAST_ANON_KEY: "a", LANGFAST_SOCKET_URL: "https://s.test" } },
    "LANGFAST_SUPABASE_URL is missing, expected an http or https URL without user name, password and query",
  ],
  [
    "a price below nothing",
    { models: { models: { "a/b": { prices: { input: -1, output: 0 } } } } },
    'models.json models["a/b"].prices.input is -1, expected USD per million tokens, 0 or more',
  ],
  [
    "a candidate that names no provider",
    { models: { models: { fast: { candidates: ["gpt-5"] } } } },
    'models.json models.fast.candidates[0] is "gpt-5", expected an upstream written as "provider/model" or {provider, model, stream?, parameters?, weight?, continuation?}',
  ],
  [
    "a candidate whose model has no name",
    { models: { models: { fast: { candidates: [{ provider: "a", model: "" }] } } } },
    'models.json models.fast.candidates[0].model is "", expected a model id that is not empty',
  ],
  [
    "an entry of an older list",
    { models: [{ slug: 5 }] },
    "models.json [0].slug is 5, expected a model id",
  ],
  ["a models.json that is no table", { models: "gpt" }, 'models.json is "gpt", expected a table with the key "models"'],
];

for (const [what, sources, line] of MISTAKES) {
  Deno.test(`${what} is told: ${line}`, () => {
    const lines = describeProblems(problemsOf(sources)).split("\n").slice(1).map((text) => text.trim());
    assert.deepEqual(lines, [line]);
  });
}

Deno.test("a file that is no TOML is told with line and column, without its text", () => {
  const [problem] = problemsOf({ toml: "[app]\nkeys = ['sk-secret-key-in-line'\n[x", tomlName: "my.toml" });
  assert.match(problem?.path ?? "", /^my\.toml line \d+, column \d+$/);
  assert.match(problem?.value ?? "", /^no TOML \(.+\)$/);
  assert(!JSON.stringify(problem).includes("sk-secret"));
});

Deno.test("all mistakes are told at once", () => {
  const toml = "[logging]\nlevel = 'loud'\n[providers.x]\napi_key = '${UNSET}'\nstream = 'maybe'";
  const env = { PORT: "x", USER_SET_KEY: "," };
  const paths = problemsOf({ env, toml, models: { models: { m: { thinking: "hard" } } } }).map(({ path }) => path);
  assert.deepEqual(paths.sort(), [
    "PORT",
    "USER_SET_KEY[0]",
    "config.toml [logging].level",
    "config.toml [providers.x].api_key",
    "config.toml [providers.x].endpoint",
    "config.toml [providers.x].stream",
    "models.json models.m.thinking",
  ]);
});

Deno.test("no secret is in any message, wherever it was put", () => {
  const secret = "sk-Abcdefghijklmnop1234567890";
  const quoted = JSON.stringify(secret);
  const wrong: Sources[] = [
    { env: { PORT: secret } },
    { env: { OPENAI_API_KEY: secret, LOG_LEVEL: secret } },
    { env: { PROVIDER_X_ENDPOINT: secret, PROVIDER_X_API_KEY: secret } },
    { env: { PROVIDER_X_ENDPOINT: `https://user:${secret}@x.test/v1` } },
    { env: { PROVIDER_X_ENDPOINT: `https://x.test/v1?key=${secret}` } },
    { env: { PROVIDER_X_HEADERS: `{"x-key": 5, "y": ${quoted}}`, PROVIDER_X_ENDPOINT: "https://x.test" } },
    { toml: `[app]\nkeys = [{ key = 5, name = ${quoted} }]` },
    { toml: `[app]\nkeys = { a = ${quoted} }` },
    { toml: `[providers]\nx = ${quoted}` },
    { toml: `[providers.x]\nendpoint = ${quoted}\napi_key = { a = ${quoted} }` },
    { toml: `[providers.x]\nendpoint = "\${RELAY}"`, env: { RELAY: secret } },
    { env: { LANGFAST_SUPABASE_URL: secret, LANGFAST_ANON_KEY: secret, LANGFAST_REFRESH_TOKEN: secret } },
    { toml: `[app]\nkeys = [${quoted}` },
  ];
  for (const sources of wrong) {
    const outcome = parseConfig({ env: {}, ...sources });
    assert("problems" in outcome, JSON.stringify(sources));
    const told = describeProblems(outcome.problems) + outcome.warnings.join();
    assert(!told.includes("Abcdefghijklmnop"), told);
  }
});

Deno.test("a password and a query are not shown of a URL, the rest is", () => {
  const value = (endpoint: string) => problemsOf({ env: { PROVIDER_X_ENDPOINT: endpoint } })[0]?.value;
  assert.equal(value("https://me:hunter2@x.test/v1"), '"https://…@x.test/v1"');
  assert.equal(value("https://x.test/v1?key=hunter2"), '"https://x.test/v1?…"');
});

Deno.test("whatever is written in a place, the message says what was expected there in our words", () => {
  const junk = ["5", "'x'", "true", "[5]", "[['a']]", "{ a = 1 }", "[{ b = 2 }]", "1979-05-27", "''"];
  const settings = Object.values(SETTINGS).flatMap(({ toml }) => toml);
  const ofProviders = Object.values(PROVIDER_SETTINGS).flatMap(({ toml }) =>
    toml.map((place) => `providers.x.${place}`)
  );
  let told = 0;
  for (const place of [...settings, ...ofProviders]) {
    for (const value of junk) {
      const outcome = parseConfig({ env: {}, toml: `${place} = ${value}` });
      for (const { expected, path } of "problems" in outcome ? outcome.problems : []) {
        told++;
        assert(!/Invalid|Unrecognized|received/.test(expected), `${path}: ${expected}`);
      }
    }
  }
  assert(told > 100, `${told} problems`);
});

Deno.test("a mistyped variable is told with what was probably meant, and goes on", () => {
  const { warnings } = configOf({
    env: {
      USER_SET_KEYS: "k",
      LOG_LEVL: "info",
      OPENAI_APIKEY: "o",
      CONFIG_TOLM: "",
      LANGFAST_ANNON_KEY: "a",
      LANGFAST_COLOUR: "red",
      PROVIDER_RELAY_ENDPONT: "https://x.test",
      PROVIDER_RELAY: "x",
    },
  });
  const told = warnings.filter((warning) => warning.includes("not known"));
  assert.deepEqual(told.sort(), [
    'CONFIG_TOLM is not known and does nothing; near it: "CONFIG_TOML"',
    'LANGFAST_ANNON_KEY is not known and does nothing; near it: "LANGFAST_ANON_KEY"',
    "LANGFAST_COLOUR is not known and does nothing",
    'LOG_LEVL is not known and does nothing; near it: "LOG_LEVEL"',
    'OPENAI_APIKEY is not known and does nothing; near it: "OPENAI_API_KEY"',
    "PROVIDER_RELAY is not known and does nothing",
    'PROVIDER_RELAY_ENDPONT is not known and does nothing; near it: "PROVIDER_<NAME>_ENDPOINT"',
    'USER_SET_KEYS is not known and does nothing; near it: "USER_SET_KEY"',
  ]);
});

Deno.test("a vendor's key under another ending, or with two letters swapped, is told by its right name", () => {
  const env = { ANTHROPIC_KEY: "a", MISTRAL_TOKEN: "m", OPEANI_API_KEY: "o", GROQ_API_KEY: "g", GROQ_TOKEN: "g" };
  const { warnings } = configOf({ env });
  const told = warnings.filter((warning) => warning.includes("not known"));
  assert.deepEqual(told.sort(), [
    'ANTHROPIC_KEY is not known and does nothing; near it: "ANTHROPIC_API_KEY"',
    'MISTRAL_TOKEN is not known and does nothing; near it: "MISTRAL_API_KEY"',
    'OPEANI_API_KEY is not known and does nothing; near it: "OPENAI_API_KEY"',
  ]);
});

Deno.test("the variables of other programs are no concern of ours", () => {
  const env = {
    PATH: "/bin",
    HOME: "/root",
    HOSTNAME: "h",
    POST: "x",
    LOGNAME: "me",
    FAL_API_KEY: "f",
    OPENAI_ORG_ID: "o",
    // Mistral's but for two letters, of which one stands in the other's place.
    MXITRAL_API_KEY: "m",
    DENO_DEPLOYMENT_ID: "d",
  };
  assert.deepEqual(configOf({ env }).warnings, configOf({}).warnings);
});

Deno.test("an unknown key of the file is told with what was probably meant, and goes on", () => {
  const toml = "colour = 'red'\nport = 3\nstream = {}\n[provider.x]\n[app]\nprt = 3\n[advanced.timeouts]\nidl = 3\n" +
    "[providers.x]\nendpoint = 'https://x.test'\napikeyz = 'k'\n[providers.x.filtr]\nmode = 'whitelist'";
  const { warnings } = configOf({ toml });
  assert.deepEqual(warnings.filter((warning) => warning.includes("not known")), [
    "config.toml colour is not known and does nothing",
    'config.toml port is not known and does nothing; near it: "app.port"',
    'config.toml stream is not known and does nothing; near it: "streams"',
    'config.toml provider is not known and does nothing; near it: "providers"',
    'config.toml [app].prt is not known and does nothing; near it: "app.port"',
    'config.toml [advanced.timeouts].idl is not known and does nothing; near it: "advanced.timeouts.idle"',
    'config.toml [providers.x].apikeyz is not known and does nothing; near it: "api_key"',
    "config.toml [providers.x].filtr is not known and does nothing",
  ]);
});
