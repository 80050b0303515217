/** The model that searches go to. */

import assert from "node:assert/strict";
import { unknownSearchModel } from "../../gateway/search_model.ts";
import { configOf } from "../support/config.ts";

const models = {
  models: {
    "search/fast": { candidates: ["openai/gpt-5"] },
    "any/*": { candidates: ["openai/gpt-5"] },
    "search/away": { candidates: ["nobody/gpt-5"] },
  },
};

Deno.test("a search model for which no provider is set up is told, and no other", () => {
  const told = (id?: string) =>
    unknownSearchModel(configOf({ env: { OPENAI_API_KEY: "k", ...id && { SEARCH_MODEL: id } }, models })).length;
  const ids = [undefined, "gpt-5", "openai/newer", "search/fast", "any/thing", "search/away", "gemini/flash"];
  assert.deepEqual(ids.map(told), [0, 0, 0, 0, 0, 1, 1]);
});
