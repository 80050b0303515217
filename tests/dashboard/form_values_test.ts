/** Between a provider's form and what is sent for it. */

import assert from "node:assert/strict";
import { fieldsOf, fromValues, kindOf, type Schema, toValues } from "../../dashboard/providers/form_values.js";
import { listProviderTypes, parseProvider, providerForm } from "../../gateway/config/mod.ts";
import { configOf } from "../support/config.ts";

const config = configOf({});
const formOf = (type: Parameters<typeof providerForm>[0]) => providerForm(type, config) as Schema;

Deno.test("a form says only what is written in it, each field in its kind", () => {
  const settings = fromValues(formOf("openai"), {
    name: " relay ",
    endpoint: "https://relay.test/v1",
    apiKeys: "one\n\n two \n",
    headers: "x-title: a: b\nbare",
    pace: "12.5",
    "timeouts.idle": "soon",
    "quirks.flatContent": "false",
    "filter.mode": "",
  });
  assert.deepEqual(settings, {
    name: "relay",
    type: "openai",
    endpoint: "https://relay.test/v1",
    apiKeys: ["one", "two"],
    headers: { "x-title": "a: b", bare: "" },
    pace: 12.5,
    timeouts: { idle: "soon" },
    quirks: { flatContent: false },
  });
});

Deno.test("a secret that is to be forgotten is sent as null", () => {
  assert.deepEqual(fromValues(formOf("demo"), {}), { type: "demo" });
  assert.equal(fromValues(formOf("openai"), { apiKeys: "typed" }, new Set(["apiKeys"])).apiKeys, null);
});

Deno.test("settings come back from a form as they went in, for a task API with all that it has", () => {
  const written = {
    type: "polling",
    enabled: false,
    endpoint: "https://tasks.test",
    models: ["a", "b"],
    submit: { path: "/tasks", taskId: "id", body: { model: "{{model}}", input: { prompt: "{{prompt}}" } } },
    poll: {
      path: "/tasks/{{task_id}}",
      text: "out",
      state: "state",
      done: ["done"],
      usage: { input: "i", output: "o" },
    },
    cancel: { path: "/tasks/{{task_id}}", method: "delete" },
    filter: { mode: "blacklist", models: ["x*"] },
  };
  const form = formOf("polling");
  const sent = fromValues(form, toValues(form, written));
  assert.deepEqual(sent, written);
  assert("provider" in parseProvider({ ...sent, name: "tasks" }, config));
});

for (const { type } of listProviderTypes()) {
  Deno.test(`every field of ${type} can be drawn`, () => {
    const kinds = fieldsOf(formOf(type)).map(([path, field]) => [path, kindOf(field)]);
    assert.ok(kinds.length > 3);
    const drawn = new Set(["text", "choice", "flag", "number", "lines", "pairs", "json"]);
    assert.deepEqual(kinds.filter(([, kind]) => !drawn.has(String(kind))), []);
  });
}
