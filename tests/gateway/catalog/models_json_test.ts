/** models.json as it ships, and LangFast's own list that part of it is made from. */

import assert from "node:assert/strict";
import { fromLangfastList, langfastListSchema } from "../../../gateway/catalog/langfast_models.ts";
import { readModels } from "../../../gateway/catalog/read_models.ts";
import { VENDORS } from "../../../providers/registry.ts";
import LIST from "../../fixtures/langfast_models.json" with { type: "json" };
import MODELS from "../../../models.json" with { type: "json" };
import { configOf } from "../../support/config.ts";

Deno.test("models.json is valid, and gpt-5 is its default", () => {
  const { models, problems } = readModels(MODELS);
  assert.deepEqual(problems, []);
  assert.equal(models.default_model, "gpt-5");
});

Deno.test("a member of models.json that nobody knows is warned of by its place, and what was meant: a mistyped price would cost nothing", () => {
  const { warnings, problems } = readModels({
    $schema: "./models.schema.json",
    models: {
      "up/m": { max_output_token: 5, prices: { input: 1, output: 2, cache_reads: 3, tariffs: { long: { costs: 1 } } } },
      fast: {
        candidates: ["up/m", { provider: "up", model: "m", wieght: 2, parameters: { anything: { at: "all" } } }],
      },
    },
  });
  assert.deepEqual(problems, []);
  const places = [
    ['models["up/m"].max_output_token', '; near it: "max_output_tokens"'],
    ['models["up/m"].prices.cache_reads', '; near it: "cache_read"'],
    ['models["up/m"].prices.tariffs.long.costs', ""],
    ["models.fast.candidates[1].wieght", '; near it: "weight"'],
  ];
  const told = places.map(([place, near]) => `models.json ${place} is not known and does nothing${near}`);
  assert.deepEqual(warnings, told);
  assert.deepEqual(readModels(MODELS).warnings, []);
  const alias = readModels({ models: { fast: { candidates: ["up/m"], prices: { input: 1, output: 2 } } } });
  assert.match(alias.warnings.join(), /^models.json models.fast.prices does nothing: an alias costs what/);
  const inToml = configOf({ toml: "[models.fast]\ncandidates = ['demo/echo']\nhedgeafter = 5" });
  const line = 'config.toml models.fast.hedgeafter is not known and does nothing; near it: "hedge_after"';
  assert.ok(inToml.warnings.includes(line), inToml.warnings.join());
});

Deno.test("a tariff is not called by a whole number: such names would not come in the order in which they stand", () => {
  const named = (name: string) =>
    readModels({ models: { "up/m": { prices: { input: 1, output: 2, tariffs: { [name]: { above: 5 } } } } } }).problems;
  assert.match(JSON.stringify(named("200000")), /a table of tariffs by their names, none of which is a whole number/);
  assert.deepEqual(named("above 200000"), []);
});

Deno.test("every model stands under a vendor that the registry knows, or LangFast", () => {
  for (const id of Object.keys(MODELS.models)) {
    const vendor = id.slice(0, id.indexOf("/"));
    assert(vendor === "langfast" || Object.hasOwn(VENDORS, vendor), id);
  }
});

Deno.test("models whose vendors bill what a cache keeps have a price for it: without one all that agents do has none", () => {
  const { models: { models } } = readModels(MODELS);
  const billed = Object.entries(models).filter(([id, { prices }]) => prices && /^anthropic\/|^openai\/gpt-6/.test(id));
  assert.ok(billed.length >= 10, String(billed.length));
  for (const [id, { prices }] of billed) {
    const hour = id.startsWith("anthropic/") ? prices?.cache_write_hour : 0;
    assert.ok([prices?.cache_read, prices?.cache_write, hour].every((price) => price !== undefined), id);
  }
});

Deno.test("every model of LangFast's list is in models.json as the list has it", () => {
  const made = fromLangfastList(langfastListSchema().parse(LIST)) as typeof MODELS;
  const shipped = Object.entries(MODELS.models).filter(([id]) => id.startsWith("langfast/"));
  assert.deepEqual(Object.fromEntries(shipped), made.models);
  assert.equal(shipped.length, LIST.length);
});

Deno.test("LangFast's entry becomes limit, roles, formats and refused parameters", () => {
  const { models: { models } } = readModels(LIST);
  assert.deepEqual(models["langfast/gpt-4.1"], {
    display_name: "GPT-4.1",
    max_output_tokens: 32768,
    roles: ["system", "user", "assistant"],
    outputs: ["text", "json", "schema"],
    refuses: ["reasoning", "verbosity"],
  });
  assert.deepEqual(models["langfast/gpt-5"], {
    display_name: "GPT-5",
    max_output_tokens: 128000,
    roles: ["developer", "user", "assistant"],
    outputs: ["text", "json", "schema"],
    refuses: ["temperature", "topP", "presencePenalty", "frequencyPenalty"],
    thinking: "effort",
  });
  assert.deepEqual(models["langfast/o1-mini"]?.outputs, ["text"]);
  assert.deepEqual(models["langfast/gpt-3.5-turbo"]?.outputs, ["text", "json"]);
});

Deno.test("langfast2api's models.json put in place of ours is understood, gpt-5 being its default", () => {
  const { models } = configOf({ models: LIST });
  assert.equal(Object.keys(models.models).length, LIST.length);
  assert.equal(models.default_model, "gpt-5");
  assert.equal(configOf({ models: LIST.slice(0, 1) }).models.default_model, undefined);
});

Deno.test("a model that LangFast's list does not make public is left out, and unknown words are", () => {
  const { models, problems } = readModels([
    { slug: "hidden", status: "private" },
    { slug: "odd", parameters: { message_types: ["user", "oracle"], response_format: ["text", "yaml"], colour: 1 } },
    { slug: "bare" },
  ]);
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.keys(models.models), ["langfast/odd", "langfast/bare"]);
  assert.deepEqual(models.models["langfast/odd"]?.roles, ["user"]);
  assert.deepEqual(models.models["langfast/odd"]?.outputs, ["text"]);
  assert.deepEqual(models.models["langfast/bare"], { display_name: "bare" });
});

Deno.test("a candidate is written short or in full", () => {
  const candidates = ["openrouter/deepseek/deepseek-chat", { provider: "a", model: "x", stream: "fake" }];
  const { models: { models } } = readModels({ models: { chat: { candidates } } });
  assert.deepEqual(models.chat?.candidates, [
    { provider: "openrouter", model: "deepseek/deepseek-chat" },
    { provider: "a", model: "x", stream: "fake" },
  ]);
});
