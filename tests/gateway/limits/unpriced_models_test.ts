/** What is said of models without a price before anybody has used one. */

import assert from "node:assert/strict";
import { describeConfig } from "../../../gateway/config/mod.ts";
import { unpricedModels } from "../../../gateway/limits/mod.ts";
import { configOf } from "../../support/config.ts";

const models = {
  models: {
    "openai/priced": { prices: { input: 1, output: 2 } },
    fast: { candidates: ["openai/priced", "openai/cheap", "elsewhere/unknown"] },
  },
};

function told({ limits, filter = "" }: { limits: string; filter?: string }): string[] {
  const toml = `[[app.keys]]
name = "phone"
key = "sk-phone"
${limits}
[providers.openai]
endpoint = "https://upstream.test/v1"
api_key = "k"
models = ["priced", "odd"]
${filter}`;
  return unpricedModels(configOf({ toml, models }));
}

const about = (sentences: string[]) =>
  sentences.map((sentence) => /^The price of (\S+) is not known/.exec(sentence)?.[1]);

Deno.test("models of a provider's list and of an alias without a price are told of where a key's money is limited", () => {
  assert.deepEqual(about(told({ limits: "moneyPerMonth = 5" })), ["openai/odd", "openai/cheap"]);
  assert.deepEqual(about(told({ limits: "moneyPerDay = 1" })), ["openai/odd", "openai/cheap"]);
  assert.deepEqual(told({ limits: "tokensPerDay = 5000" }), []);
});

Deno.test("a model that the key may not use, or that its provider's filter takes out, is not told of", () => {
  assert.deepEqual(about(told({ limits: 'moneyPerDay = 1\nmodels = ["fast"]' })), ["openai/cheap"]);
  const filter = 'filter = { mode = "blacklist", models = ["cheap"] }';
  assert.deepEqual(about(told({ limits: "moneyPerDay = 1", filter })), ["openai/odd"]);
});

Deno.test("whoever validates a configuration is shown such warnings behind its own", () => {
  const text = describeConfig(configOf({ env: {} }), ["A warning of another's"]);
  assert.match(text, /\n {2}No client key is set.*\n(?:.*\n)*? {2}A warning of another's$/);
});
