import assert from "node:assert/strict";
import { withPair } from "../support/pair.ts";

const KNOWN = `
[providers.openai]
api_key = "vendor-key-1"
models = ["gpt-5.2"]
`;

withPair({ env: { PROVIDER_UP_MODELS: "vendor/model:free" }, toml: KNOWN }).test({
  name: "Q8 Q9 GET /v1/models has three shapes, each of them one page, with the limits that are known",
  async run({ gateway: { url } }) {
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(url + path, { headers, redirect: "error" });
      assert.equal(response.status, 200);
      return await response.json();
    };
    const openai = await get("/v1/models?limit=1000");
    const ids = openai.data.map(({ id }: { id: string }) => id);
    assert.equal(openai.object, "list");
    assert.deepEqual(ids.slice(0, 2), ["openai/gpt-5.2", "up/vendor/model:free"]);
    for (const model of openai.data) {
      assert.deepEqual([model.object, typeof model.created, typeof model.owned_by], ["model", "number", "string"]);
    }

    const [{ context_window, max_output_tokens }] = openai.data;
    assert.deepEqual([context_window, max_output_tokens], [400_000, 128_000]);

    const anthropic = await get("/v1/models?limit=1000", { "anthropic-version": "2023-06-01" });
    assert.deepEqual(anthropic.data.map(({ id }: { id: string }) => id), ids);
    const { has_more, first_id, last_id } = anthropic;
    assert.deepEqual([has_more, first_id, last_id], [false, ids[0], ids.at(-1)]);
    assert.deepEqual([anthropic.data[0].max_input_tokens, anthropic.data[0].max_tokens], [400_000, 128_000]);
    for (const model of anthropic.data) {
      assert.deepEqual([model.type, typeof model.display_name], ["model", "string"]);
      assert.match(model.created_at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }

    const gemini = await get("/v1/models", { "x-goog-api-key": "none" });
    assert.deepEqual(gemini, await get("/v1/models?key=none&pageSize=50"));
    assert.deepEqual(gemini, await get("/v1beta/models"));
    assert.deepEqual(Object.keys(gemini), ["models"], "without nextPageToken there is no other page");
    assert.deepEqual(gemini.models.map(({ name }: { name: string }) => name), ids.map((id: string) => `models/${id}`));
    assert.deepEqual([gemini.models[0].inputTokenLimit, gemini.models[0].outputTokenLimit], [400_000, 128_000]);
    for (const { supportedGenerationMethods: verbs } of gemini.models) {
      assert.deepEqual(verbs, ["generateContent", "streamGenerateContent", "countTokens"]);
    }
  },
});
