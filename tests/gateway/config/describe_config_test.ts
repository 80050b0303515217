/** What a person is told of a good configuration. */

import assert from "node:assert/strict";
import { describeConfig } from "../../../gateway/config/mod.ts";
import { configOf } from "../../support/config.ts";

Deno.test("a configuration is told with address, keys by name, and each provider's type, endpoint, mode and origin", () => {
  const text = describeConfig(configOf({
    env: { GROQ_API_KEY: "gsk-1,gsk-2", USER_SET_KEY: "client-secret", ADMIN_KEY: "admin-secret" },
    toml: `[providers.relay]
endpoint = "https://relay.test/v1"
api_key = "relay-secret"
headers = { "x-secret" = "header-secret" }
stream = "fake"
filter = { mode = "whitelist", models = ["a", "b"] }
[providers.langfast]
supabase_url = "https://s.test"
anon_key = "anon-secret"
socket_url = "wss://socket.test"`,
    models: { default_model: "m", models: { "relay/m": {} } },
  }));
  assert.deepEqual(text.split("\n"), [
    "Listens on http://0.0.0.0:8000",
    "Client keys: key-1",
    "Admin and dashboard: open to the admin key",
    "Models in models.json: 1, default m",
    "Providers:",
    "  relay: openai, https://relay.test/v1, stream fake, 1 key, whitelist of 2 models, from the file",
    "  langfast: langfast, wss://socket.test, stream auto, from the file",
    "  groq: openai, https://api.groq.com/openai/v1, stream auto, 2 keys, from the environment",
    "  demo: demo, stream auto, built in",
  ]);
});

Deno.test("an open gateway, an IPv6 address and the warnings are told", () => {
  const text = describeConfig(configOf({ env: { HOST: "::" } }));
  assert.match(text, /^Listens on http:\/\/\[::\]:8000\nClient keys: none, open to all\n/);
  assert.match(text, /\nWarnings:\n {2}No client key is set/);
});
