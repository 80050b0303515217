/** Public ids: what they mean, which there are, and what is told of one that nobody has. */

import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import { type Catalog, createCatalog, createSource } from "../../../gateway/catalog/mod.ts";
import type { UpstreamModel } from "../../../providers/provider.ts";
import { configOf } from "../../support/config.ts";
import { listingProvider } from "../../support/listing_provider.ts";

interface SetUp {
  /** By provider; those without a list fail. */
  lists?: Record<string, (string | UpstreamModel)[]>;
  models?: unknown;
  toml?: string;
}

const TOML = `[providers.a]
endpoint = "https://a.test"
[providers.b]
endpoint = "https://b.test"
stream = "fake"
[providers.demo]
enabled = false`;

function setUp({ lists = {}, models, toml = TOML }: SetUp): Catalog & { asked: string[] } {
  const config = configOf({ toml, models });
  const asked: string[] = [];
  const shelf = { models: config.models, ttl: config.advanced.modelsTtl, now: () => 0 };
  const sources = new Map(config.providers.map((own) => {
    const { name } = own;
    const listModels = () => {
      asked.push(name);
      const list = lists[name];
      if (list === undefined) return Promise.reject(new Error("down"));
      return Promise.resolve(list.map((model) => typeof model === "string" ? { id: model } : model));
    };
    return [name, createSource({ config: own, provider: listingProvider(name, listModels) }, shelf)];
  }));
  return { ...createCatalog({ models: config.models, sources }), asked };
}

/** `provider/model` of each candidate. */
async function meaning(catalog: Catalog, id: string): Promise<string[]> {
  const { candidates } = await catalog.resolve(id);
  return candidates.map(({ provider, model }) => `${provider.name} ${model}`);
}

async function refusal(catalog: Catalog, id: string): Promise<GatewayError> {
  const error = await catalog.resolve(id).then(() => undefined, (thrown: unknown) => thrown);
  assert(error instanceof GatewayError, `${id} was not refused`);
  return error;
}

Deno.test("a model that a provider lists under its own name is meant by that, as OpenRouter's openrouter/auto", async () => {
  const catalog = setUp({ lists: { a: ["a/auto", "vendor/m", "b", "a/b"] } });
  await catalog.list();
  const modelOf = async (id: string) => (await catalog.resolve(id)).candidates[0].model;
  assert.equal(await modelOf("a/auto"), "a/auto");
  assert.equal(await modelOf("a/vendor/m"), "vendor/m");
  assert.equal(await modelOf("a/b"), "b", "what is there without it as well");
  assert.equal(await modelOf("a/a/auto"), "a/auto");
});

Deno.test("provider/model means that provider's model, in the list or not, without asking anybody", async () => {
  const catalog = setUp({});
  assert.deepEqual(await meaning(catalog, "a/brand-new"), ["a brand-new"]);
  assert.equal((await catalog.resolve("a/brand-new")).publicId, "a/brand-new");
  assert.deepEqual(catalog.asked, []);
});

Deno.test("what is known of a model is what the newest list says, whatever was resolved before", async () => {
  const window = (contextWindow: number): UpstreamModel => ({ id: "x", facts: { contextWindow } });
  const lists = { a: [window(1000)], b: [] };
  const catalog = setUp({ lists });
  const known = async () => (await catalog.resolve("a/x")).candidates[0].facts.contextWindow;
  assert.equal(await known(), undefined);
  await catalog.refresh("a");
  assert.equal(await known(), 1000);
  const [{ candidates: [once] }, { candidates: [again] }] = [
    await catalog.resolve("a/x"),
    await catalog.resolve("a/x"),
  ];
  assert.equal(once, again, "and it is not read again for each request");
  lists.a = [window(2000)];
  await catalog.refresh("a");
  assert.equal(await known(), 2000);
});

Deno.test("an alias whose answers are gone on with says so for all its candidates but those that say otherwise", async () => {
  const candidates = ["a/x", { provider: "b", model: "y", continuation: false }];
  const catalog = setUp({ models: { models: { fast: { continuation: true, candidates } } } });
  const found = (await catalog.resolve("fast")).candidates;
  assert.deepEqual(found.map(({ continuation = false }) => continuation), [true, false]);
});

Deno.test("where a list cannot be had, the catalogue's models stand for it, and no alias that is called like one", async () => {
  const catalog = setUp({ models: { models: { "a/x": {}, "a/fast": { candidates: ["b/y"] } } }, lists: { b: [] } });
  assert.deepEqual(await meaning(catalog, "x"), ["a x"]);
  assert.equal((await refusal(catalog, "fast")).kind, "unknown-model");
  assert.deepEqual((await catalog.list()).map(({ id }) => id), ["a/fast", "a/x"]);
});

Deno.test("only the first slash parts the provider from the model", async () => {
  const catalog = setUp({ lists: { a: ["deepseek/deepseek-chat"], b: [] } });
  assert.deepEqual(await meaning(catalog, "a/deepseek/deepseek-chat:free"), ["a deepseek/deepseek-chat:free"]);
  assert.deepEqual(await meaning(catalog, "deepseek/deepseek-chat"), ["a deepseek/deepseek-chat"]);
});

Deno.test("a bare id means the one provider that has it", async () => {
  const catalog = setUp({ lists: { a: ["x"], b: ["y"] } });
  assert.deepEqual(await meaning(catalog, "y"), ["b y"]);
  assert.equal((await catalog.resolve("y")).publicId, "b/y");
});

Deno.test("a bare id that two providers have is refused, naming both", async () => {
  const error = await refusal(setUp({ lists: { a: ["x"], b: ["x"] } }), "x");
  assert.equal(error.kind, "unknown-model");
  assert.equal(error.param, "model");
  assert.equal(error.message, 'Cannot tell which "x" is meant: a/x, b/x');
});

Deno.test("a bare id is found without Gemini's models/, and sent as the upstream has it", async () => {
  const catalog = setUp({ lists: { a: ["models/gemini-2.5-pro"], b: [] } });
  assert.deepEqual(await meaning(catalog, "gemini-2.5-pro"), ["a models/gemini-2.5-pro"]);
});

Deno.test("a bare id is found with Ollama's tag for none and without it, and sent as the upstream has it", async () => {
  const catalog = setUp({ lists: { a: ["llama3.2:latest", "qwen3:8b"], b: ["gpt-5"] } });
  assert.deepEqual(await meaning(catalog, "llama3.2"), ["a llama3.2:latest"]);
  assert.deepEqual(await meaning(catalog, "gpt-5:latest"), ["b gpt-5"]);
  assert.equal((await refusal(catalog, "qwen3")).kind, "unknown-model");
  const both = setUp({ lists: { a: ["chat:latest", "chat"], b: ["talk", "talk:latest"] } });
  for (const id of ["chat", "chat:latest", "talk", "talk:latest"]) {
    assert.deepEqual((await meaning(both, id)).map((meant) => meant.split(" ")[1]), [id]);
  }
});

Deno.test("a provider whose list cannot be had does not stand in the way of the others'", async () => {
  assert.deepEqual(await meaning(setUp({ lists: { b: ["y"] } }), "y"), ["b y"]);
});

Deno.test("a filter excludes a model by every name it has", async () => {
  const toml = TOML.replace('https://a.test"', 'https://a.test"\nfilter = { mode = "whitelist", models = ["x*"] }');
  const models = { models: { alias: { candidates: ["a/y", "b/z"] }, gone: { candidates: ["a/y"] } } };
  const catalog = setUp({ toml, models, lists: { a: ["x1", "y"], b: [] } });
  assert.equal(
    (await refusal(catalog, "a/y")).message,
    'Cannot use the model "a/y" as the provider\'s filter excludes it',
  );
  assert.equal((await refusal(catalog, "y")).kind, "unknown-model");
  assert.deepEqual(await meaning(catalog, "a/x-new"), ["a x-new"]);
  assert.deepEqual(await meaning(catalog, "alias"), ["b z"]);
  assert.equal((await refusal(catalog, "gone")).kind, "unknown-model");
  assert.deepEqual((await catalog.list()).map(({ id }) => id), ["alias", "a/x1"]);
});

Deno.test("an alias means its candidates in order, those that are not set up left out", async () => {
  const models = {
    models: {
      fast: {
        candidates: ["b/y", "nowhere/z", { provider: "a", model: "org/x", stream: "fake", parameters: { top_k: 1 } }],
        max_output_tokens: 10,
      },
    },
  };
  const { publicId, candidates } = await setUp({ models }).resolve("fast");
  assert.equal(publicId, "fast");
  assert.deepEqual(
    candidates.map(({ config, model, stream, parameters, facts }) => [config.name, model, stream, parameters, facts]),
    [
      ["b", "y", "fake", {}, { maxOutput: 10 }],
      ["a", "org/x", "fake", { top_k: 1 }, { maxOutput: 10 }],
    ],
  );
});

Deno.test("an alias goes before a model of the same name, and is listed once", async () => {
  const models = { models: { "a/x": { candidates: ["b/x"], display_name: "Moved" } } };
  const catalog = setUp({ models, lists: { a: ["x"], b: [] } });
  assert.deepEqual(await meaning(catalog, "a/x"), ["b x"]);
  assert.deepEqual((await catalog.list()).map(({ id, displayName }) => [id, displayName]), [["a/x", "Moved"]]);
});

Deno.test("what an alias says holds for the alias, not for the model of the same name", async () => {
  const models = { models: { "a/x": { candidates: ["b/x"], context_window: 5 }, "fast": { candidates: ["a/x"] } } };
  const { candidates: [candidate] } = await setUp({ models }).resolve("fast");
  assert.deepEqual([candidate.config.name, candidate.model, candidate.facts], ["a", "x", {}]);
});

Deno.test("an alias none of whose upstreams is set up is refused and not listed", async () => {
  const catalog = setUp({ models: { models: { far: { candidates: ["nowhere/x"] } } }, lists: { a: [], b: [] } });
  assert.equal(
    (await refusal(catalog, "far")).message,
    'Cannot use the model "far" as none of its providers is set up',
  );
  assert.deepEqual(await catalog.list(), []);
});

Deno.test("a request without a model means the catalogue's default; without one it is refused", async () => {
  const models = { default_model: "x", models: {} };
  assert.deepEqual(await meaning(setUp({ models, lists: { a: ["x"], b: [] } }), ""), ["a x"]);
  assert.deepEqual(await meaning(setUp({ models, lists: { a: ["y"], b: ["x"] } }), ""), ["b x"]);
  assert.deepEqual(
    await meaning(setUp({ models, lists: { a: ["y", "x"], b: ["x"] } }), ""),
    ["a x"],
    "of two, the first",
  );
  assert.equal((await refusal(setUp({ models, lists: { a: ["y"], b: ["z"] } }), "")).kind, "invalid-request");
  const error = await refusal(setUp({}), "");
  assert.deepEqual([error.kind, error.param], ["invalid-request", "model"]);
});

Deno.test("an unknown model is refused with up to three near names", async () => {
  const catalog = setUp({ lists: { a: ["gpt-5", "gpt-5-mini", "o3"], b: ["gpt-4"] } });
  const told = async (id: string) => (await refusal(catalog, id)).message;
  assert.equal(await told("gpt-6"), 'Cannot find the model "gpt-6"; near it: "a/gpt-5", "b/gpt-4"');
  assert.equal(await told("c/gpt-5"), 'Cannot find the model "c/gpt-5"; near it: "a/gpt-5", "b/gpt-4"');
  assert.equal(await told("elsewhere/o3"), 'Cannot find the model "elsewhere/o3"; near it: "a/o3"');
  assert.equal(await told("zzzzzzzz"), 'Cannot find the model "zzzzzzzz"; GET /v1/models lists those that there are');
  assert.equal(await told("a/"), 'Cannot find the model "a/"; GET /v1/models lists those that there are');
});

Deno.test("no more than three near names are told", async () => {
  const message = (await refusal(setUp({ lists: { a: ["m1", "m2", "m3", "m4"], b: [] } }), "mx")).message;
  assert.equal(message.match(/"a\/m\d"/g)?.length, 3);
});

Deno.test("an id of a megabyte is refused at once, and not repeated in full", async () => {
  const { message } = await refusal(setUp({ lists: { a: ["x"], b: [] } }), "x".repeat(1_000_000));
  assert(message.length < 300);
});

Deno.test("facts are the upstream's, then the bare id's, then the vendor's, then the provider's own", async () => {
  const toml = "[providers.kimi]\nendpoint = 'https://api.moonshot.ai/v1'\napi_key = 'k'";
  const models = {
    models: {
      "k2": { context_window: 2, max_output_tokens: 2, thinking: "none" },
      "moonshot/k2": { max_output_tokens: 3, thinking: "effort", prices: { input: 1, output: 2 }, display_name: "K2" },
      "kimi/k2": { thinking: "budget", refuses: ["topK"] },
    },
  };
  const lists = { kimi: [{ id: "k2", facts: { contextWindow: 1, outputs: ["text" as const] } }] };
  const catalog = setUp({ toml, models, lists });
  await catalog.list();
  const { candidates: [candidate] } = await catalog.resolve("kimi/k2");
  assert.deepEqual(candidate.facts, {
    contextWindow: 2,
    maxOutput: 3,
    thinking: "budget",
    refuses: ["topK"],
    outputs: ["text"],
  });
  assert.deepEqual(candidate.prices, { input: 1, output: 2 });
});

Deno.test("what is not known is absent: no price of 0, no limit of 0", async () => {
  const { candidates: [candidate] } = await setUp({}).resolve("a/x");
  assert.deepEqual(candidate.facts, {});
  assert.equal("prices" in candidate, false);
});

Deno.test("the list has aliases first, then each provider's models under its name, with what is known", async () => {
  const models = {
    models: { fast: { candidates: ["a/x"], display_name: "Fast" }, "a/x": { context_window: 9, display_name: "X" } },
  };
  const lists = { a: [{ id: "x", created: 5, ownedBy: "org" }], b: ["y/z"] };
  assert.deepEqual(await setUp({ models, lists }).list(), [
    { id: "fast", ownedBy: "a", facts: { contextWindow: 9 }, displayName: "Fast" },
    { id: "a/x", ownedBy: "org", created: 5, facts: { contextWindow: 9 }, displayName: "X" },
    { id: "b/y/z", ownedBy: "b", facts: {} },
  ]);
});

Deno.test("the demo, which nobody set up, is listed where it is all there is, or where somebody did set it up", async () => {
  const lists = { a: ["m"], demo: ["echo"] };
  const [provider, demo] = ["[providers.a]\nendpoint = 'https://a.test'\n", "[providers.demo]\nenabled = true"];
  const listed = async (toml: string) => (await setUp({ lists, toml }).list()).map(({ id }) => id);
  assert.deepEqual(await listed(""), ["demo/echo"]);
  assert.deepEqual(await listed(provider), ["a/m"]);
  assert.deepEqual(await listed(provider + demo), ["a/m", "demo/echo"]);
  const named = "[providers.demo]\ntype = 'openai'\nendpoint = 'https://d.test'";
  assert.deepEqual(await listed(provider + named), ["a/m", "demo/echo"], "another that is called so");
  assert.deepEqual(await meaning(setUp({ lists, toml: provider }), "demo/echo"), ["demo echo"]);
});

const LANGFAST = `[providers.lf]
type = "langfast"
supabase_url = "https://lf.test"
anon_key = "anon"
socket_url = "wss://lf.test"
`;

Deno.test("LangFast's models are listed by their ids alone where it is all there is, as langfast2api had them, and any is asked of it", async () => {
  const lists = { lf: ["gpt-5", "o3"], a: ["m"] };
  const catalog = setUp({ lists, toml: LANGFAST });
  const ids = (await catalog.list()).map(({ id, publicId }) => [id, publicId]);
  assert.deepEqual(ids, [["gpt-5", "lf/gpt-5"], ["o3", "lf/o3"]]);
  assert.equal(catalog.lonelyLangfast(), "lf");
  assert.deepEqual(await meaning(catalog, "gpt-5-2025-08-07"), ["lf gpt-5-2025-08-07"]);
  assert.equal((await catalog.resolve("gpt-5-2025-08-07")).publicId, "lf/gpt-5-2025-08-07");
  const filtered = setUp({ lists, toml: `${LANGFAST}filter = { mode = "blacklist", models = ["gpt-4*"] }` });
  assert.equal((await refusal(filtered, "gpt-4o")).kind, "unknown-model");

  const beside = setUp({ lists, toml: `${LANGFAST}[providers.a]\nendpoint = "https://a.test"` });
  assert.deepEqual((await beside.list()).map(({ id }) => id), ["lf/gpt-5", "lf/o3", "a/m"]);
  assert.equal(beside.lonelyLangfast(), undefined);
  assert.equal((await refusal(beside, "gpt-5-2025-08-07")).kind, "unknown-model");
  const given = setUp({ toml: `${LANGFAST}models = ["gpt-5"]` });
  assert.equal(
    (await refusal(given, "gpt-5-2025-08-07")).kind,
    "unknown-model",
    "a list that is given is meant as it is",
  );
});

Deno.test("a model that is in no list is asked of the vendor whose models are called so, if one provider is that vendor's", async () => {
  const toml = (...names: string[]) =>
    names.map((name) => `[providers.${name.toLowerCase()}]\ntype = "${name}"\napi_key = "k"\n`).join("");
  const three = setUp({ lists: {}, toml: toml("openai", "anthropic", "gemini") });
  for (
    const [id, provider] of [
      ["claude-haiku-4-5", "anthropic"],
      ["gemini-9-pro", "gemini"],
      ["gpt-7", "openai"],
      ["o9-mini", "openai"],
      ["chatgpt-next", "openai"],
    ] as const
  ) assert.deepEqual(await meaning(three, id), [`${provider} ${id}`]);
  for (const id of ["qwen-max", "my-gpt-7", "claude", "x/gpt-7", "ollama"]) {
    assert.equal((await refusal(three, id)).kind, "unknown-model", id);
  }
  const given = setUp({ lists: {}, toml: `${toml("openai")}models = ["gpt-5"]` });
  assert.equal((await refusal(given, "gpt-7")).kind, "unknown-model");
  const models = { default_model: "gpt-7", models: {} };
  assert.equal((await refusal(setUp({ lists: {}, toml: toml("openai"), models }), "")).kind, "invalid-request");
  const relay = setUp({ lists: {}, toml: "[providers.relay]\ntype = 'anthropic'\nendpoint = 'https://r.test'" });
  assert.equal((await refusal(relay, "claude-haiku-4-5")).kind, "unknown-model");
  const other = "[providers.other]\ntype = 'anthropic'\nendpoint = 'https://api.anthropic.com/v1'\napi_key = 'k'";
  const two = setUp({ lists: {}, toml: `${toml("anthropic")}${other}` });
  assert.equal((await refusal(two, "claude-haiku-4-5")).kind, "unknown-model");
});

Deno.test("where a list cannot be had, the catalogue's entries of that provider stand in", async () => {
  const toml = TOML.replace("https://a.test", "https://api.moonshot.ai/v1");
  const models = {
    models: { "a/x": {}, "moonshot/k2": {}, "b/y": {}, "other/z": {}, "a/al": { candidates: ["b/y"] } },
  };
  const catalog = setUp({ toml, models, lists: { b: ["live"] } });
  assert.deepEqual((await catalog.list()).map(({ id }) => id), ["a/al", "a/x", "a/k2", "b/live"]);
  assert.deepEqual(catalog.state().map(({ provider, source }) => [provider, source]), [["a", "fallback"], [
    "b",
    "fetched",
  ]]);
});

Deno.test("making a catalogue asks nobody", () => {
  const catalog = setUp({ lists: { a: [], b: [] } });
  assert.deepEqual(catalog.state().map(({ source }) => source), ["unasked", "unasked"]);
  assert.deepEqual(catalog.asked, []);
});
