import assert from "node:assert/strict";
import { joinSecrets, partSecrets } from "../../../gateway/stored_providers/secret_fields.ts";

Deno.test("secrets part from the other settings, whatever table they stand in, and come together again", () => {
  const written = {
    type: "polling",
    apiKeys: ["k"],
    headers: { "x-token": "t" },
    submit: { path: "/tasks", body: { prompt: "{{prompt}}" } },
    langfast: { anonKey: "anon", socketUrl: "wss://s.test" },
  };
  const { settings, secrets } = partSecrets(written);
  assert.deepEqual(settings, { type: "polling", submit: { path: "/tasks" }, langfast: { socketUrl: "wss://s.test" } });
  assert.deepEqual([...secrets.keys()].toSorted(), ["apiKeys", "headers", "langfast.anonKey", "submit.body"]);
  assert.deepEqual(joinSecrets(settings, secrets), written);
});

Deno.test("null is as good as not written, but for a secret, which it forgets", () => {
  const { settings, secrets } = partSecrets({
    ...{ type: "openai", pace: null, apiKeys: null },
    timeouts: { idle: null, total: 5 },
    a: { setting: null },
  });
  assert.deepEqual(settings, { type: "openai", timeouts: { total: 5 }, a: { setting: null } });
  assert.deepEqual([...secrets], [["apiKeys", null]]);
});
