import assert from "node:assert/strict";
import { HTTP_DIALECTS, withVersion } from "../../providers/http_dialects.ts";

type Name = keyof typeof HTTP_DIALECTS;

Deno.test("each dialect's list of models is read, with what it says of their limits", () => {
  const cases: [dialect: Name, body: unknown, expected: unknown][] = [
    ["openai_chat", { data: [{ id: "m", object: "model", created: 5, owned_by: "us" }] }, [
      { id: "m", created: 5, ownedBy: "us" },
    ]],
    ["openai_responses", { data: [{ id: "m" }] }, [{ id: "m" }]],
    // As Together answers.
    ["openai_chat", [{ id: "m" }], [{ id: "m" }]],
    ["anthropic", {
      data: [{ id: "c", created_at: "1970-01-01T00:01:00Z", max_input_tokens: 200_000, max_tokens: 64_000 }],
    }, [{ id: "c", created: 60, facts: { contextWindow: 200_000, maxOutput: 64_000 } }]],
    ["gemini", { models: [{ name: "models/g", inputTokenLimit: 1_000_000, outputTokenLimit: 65_536 }] }, [
      { id: "g", facts: { contextWindow: 1_000_000, maxOutput: 65_536 } },
    ]],
    ["ollama", { models: [{ name: "l:8b", model: "other" }, { model: "q:1b" }] }, [{ id: "l:8b" }, { id: "q:1b" }]],
  ];
  for (const [dialect, body, expected] of cases) {
    assert.deepEqual(HTTP_DIALECTS[dialect].parseModels(body), expected, dialect);
  }
});

Deno.test("what of a list of models is not understood is left out, and the rest of it read", () => {
  const data = [null, "m", { id: 7 }, { id: "" }, { id: "m", created: "soon", owned_by: null, max_tokens: 0 }];
  assert.deepEqual(HTTP_DIALECTS.openai_chat.parseModels({ data }), [{ id: "m" }]);
  const models = [{ name: 7 }, { name: "models/g", inputTokenLimit: "many" }];
  assert.deepEqual(HTTP_DIALECTS.gemini.parseModels({ models }), [{ id: "g" }]);
  for (const body of [null, "no", { data: "none" }, {}]) {
    for (const { parseModels } of Object.values(HTTP_DIALECTS)) assert.deepEqual(parseModels(body), []);
  }
});

Deno.test("an endpoint gets its dialect's version where it is written without one, and only then", () => {
  const cases: [dialect: Name, endpoint: string, expected: string][] = [
    ["anthropic", "https://up.example", "https://up.example/v1"],
    ["anthropic", "https://up.example/v1", "https://up.example/v1"],
    ["anthropic", "https://up.example/anthropic", "https://up.example/anthropic/v1"],
    ["gemini", "https://up.example", "https://up.example/v1beta"],
    ["gemini", "https://up.example/v1alpha", "https://up.example/v1alpha"],
    ["ollama", "http://up.example:11434", "http://up.example:11434/api"],
    ["ollama", "http://up.example:11434/api", "http://up.example:11434/api"],
    ["openai_chat", "https://up.example/api/paas/v4", "https://up.example/api/paas/v4"],
    ["openai_chat", "https://up.example", "https://up.example"],
  ];
  for (const [dialect, endpoint, expected] of cases) {
    assert.equal(withVersion(endpoint, HTTP_DIALECTS[dialect]), expected);
  }
});
