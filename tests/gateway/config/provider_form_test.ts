/** The forms of provider types: every setting is in its form, explained, and what the form takes is what validates. */

import assert from "node:assert/strict";
import {
  type FormSchema,
  isProviderSetting,
  listProviderTypes,
  parseProvider,
  PROVIDER_SETTINGS,
  providerForm,
} from "../../../gateway/config/mod.ts";
import { configOf } from "../../support/config.ts";

const config = configOf({ toml: "[advanced.timeouts]\nidle = 7000" });

/** The fields of a form by their paths. */
function fieldsOf({ properties = {} }: FormSchema, prefix = ""): [string, FormSchema][] {
  return Object.entries(properties).flatMap(([key, field]) =>
    field.properties === undefined
      ? [[`${prefix}${key}`, field] as [string, FormSchema]]
      : fieldsOf(field, `${prefix}${key}.`)
  );
}

for (const { type } of listProviderTypes()) {
  Deno.test(`the form of ${type} explains each field, and marks secrets and what is advanced`, () => {
    const fields = fieldsOf(providerForm(type, config));
    for (const [path, field] of fields.filter(([path]) => path !== "name")) {
      assert.ok(isProviderSetting(path), `${path} is not explained`);
      const { title, sentence, secret, advanced } = PROVIDER_SETTINGS[path];
      assert.deepEqual(
        [field.title, field.description, field.writeOnly, field["x-advanced"]],
        [title, sentence, secret, advanced],
        path,
      );
    }
    const hidden = fields.filter(([path]) => path === "origin" || path === "vendor");
    assert.deepEqual(hidden, []);
  });

  Deno.test(`what the form of ${type} needs is what is missing from an empty one`, () => {
    const form = providerForm(type, config);
    const neededIn = ({ required = [], properties = {} }: FormSchema, prefix = ""): string[] =>
      required.flatMap((key) => {
        const field = properties[key];
        return field?.properties === undefined ? [prefix + key] : neededIn(field, `${prefix}${key}.`);
      });
    const outcome = parseProvider({ type }, config);
    assert("problems" in outcome);
    const missing = new Set(outcome.problems.map(({ path }) => path));
    assert.deepEqual(new Set(neededIn(form).filter((path) => path !== "type")), missing);
  });
}

Deno.test("defaults in a form are those that hold: the gateway's own timeouts, the type's header", () => {
  const fields = new Map(fieldsOf(providerForm("gemini", config)));
  assert.equal(fields.get("timeouts.idle")?.default, 7000);
  assert.equal(fields.get("auth")?.default, "x-goog-api-key");
  assert.equal(fields.get("stream")?.default, "auto");
  assert.equal(fields.get("endpoint")?.format, "uri");
  assert.deepEqual(providerForm("openai", config).properties?.type?.const, "openai");
});

Deno.test("a provider in JSON is read by the rules of the file: vendors, endings of URLs, lists as texts", () => {
  const outcome = parseProvider({
    name: "claude",
    type: "anthropic",
    endpoint: "https://api.anthropic.com/",
    apiKeys: "a, b",
  }, config);
  assert("provider" in outcome);
  const { provider } = outcome;
  assert("endpoint" in provider);
  assert.deepEqual([provider.endpoint, provider.apiKeys, provider.vendor, provider.origin], [
    "https://api.anthropic.com/v1",
    ["a", "b"],
    "anthropic",
    "stored",
  ]);
  assert.equal(provider.timeouts.idle, 7000);
});
