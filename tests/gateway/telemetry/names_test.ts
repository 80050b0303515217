import assert from "node:assert/strict";
import type { ProviderConfig } from "../../../gateway/config/mod.ts";
import type { Observation } from "../../../gateway/observation.ts";
import { createProviderName, operationOf } from "../../../gateway/telemetry/names.ts";
import { VENDORS } from "../../../providers/registry.ts";
import { configOf } from "../../support/config.ts";

Deno.test("a provider goes by its vendor's well-known name, whatever it is called here", () => {
  const config = configOf({
    env: {
      GEMINI_API_KEY: "k",
      XAI_API_KEY: "k",
      GROQ_API_KEY: "k",
      PROVIDER_MINE_TYPE: "openai",
      PROVIDER_MINE_ENDPOINT: "https://api.mistral.ai/v1",
      PROVIDER_OTHER_TYPE: "openai",
      PROVIDER_OTHER_ENDPOINT: "https://relay.test/v1",
    },
  });
  const nameOf = createProviderName(config);
  const names = ["gemini", "xai", "groq", "mine", "other"].map(nameOf);
  assert.deepEqual(names, ["gcp.gemini", "x_ai", "groq", "mistral_ai", "other"]);
});

Deno.test("each vendor whose well-known name is not ours goes by that", () => {
  const nameOf = (vendor: string) => createProviderName({ providers: [{ name: "p", vendor } as ProviderConfig] })("p");
  const names = Object.keys(VENDORS).map((vendor) => [vendor, nameOf(vendor)]);
  assert.deepEqual(Object.fromEntries(names.filter(([vendor, name]) => vendor !== name)), {
    "azure": "azure.ai.openai",
    "gemini": "gcp.gemini",
    "gemini-openai": "gcp.gemini",
    "mistral": "mistral_ai",
    "moonshot": "moonshot_ai",
    "xai": "x_ai",
  });
});

Deno.test("embeddings are an operation of their own", () => {
  const observation: Observation = {
    id: "r",
    startedAt: 0,
    dialect: "openai_chat",
    stream: false,
    attempts: [],
    lost: [],
    owner: "",
    chunks: 0,
  };
  assert.equal(operationOf(observation), "chat");
  assert.equal(operationOf({ ...observation, operation: "embeddings" }), "embeddings");
  assert.equal(operationOf({ ...observation, dialect: "gemini" }), "generate_content");
});
