/** Tests of a field by its name, by its path, and wherever it stands. */

import assert from "node:assert/strict";
import type { JsonObject } from "../../../chat/json.ts";
import { hasField, patchesWithout } from "../../../providers/taken/field_at.ts";

const BODY: JsonObject = {
  temperature: 0,
  stream: false,
  reasoning: { effort: "low", summary: "auto" },
  system: [{ type: "text", text: "Be brief", cache_control: { type: "ephemeral", ttl: "1h" } }],
  tools: [
    { name: "look", defer_loading: true, input_schema: { properties: { defer_loading: { type: "boolean" } } } },
    { name: "see", input_schema: {} },
  ],
  messages: [
    { role: "assistant", content: [{ type: "tool_use", id: "1", name: "look", input: { defer_loading: 1 } }] },
    { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
  ],
};

Deno.test("a field is there, by its name and by its path", () => {
  const has = (path: string) => hasField(BODY, path);
  assert.deepEqual(
    ["temperature", "stream", "seed", "reasoning.summary", "reasoning.other", "temperature.summary"].map(has),
    [true, true, false, true, false, false],
  );
  assert.deepEqual(["*.defer_loading", "*.cache_control.ttl", "*.cache_control.scope"].map(has), [true, true, false]);
  assert.equal(hasField(undefined, "temperature"), false);
});

Deno.test("a field is left out by its name, by its path, and wherever it stands but in what is the user's own", () => {
  assert.deepEqual(patchesWithout(BODY, "temperature"), { temperature: undefined });
  assert.deepEqual(patchesWithout(BODY, "reasoning.summary"), { reasoning: { effort: "low" } });
  assert.deepEqual(patchesWithout(BODY, "seed.a"), {});
  const [look, see] = BODY.tools as JsonObject[];
  const { defer_loading: _, ...plain } = look!;
  assert.deepEqual(patchesWithout(BODY, "*.defer_loading"), { tools: [plain, see] });
  assert.deepEqual(patchesWithout(BODY, "*.cache_control.ttl"), {
    system: [{ type: "text", text: "Be brief", cache_control: { type: "ephemeral" } }],
  });
  const unmarked = patchesWithout(BODY, "*.cache_control");
  assert.deepEqual(Object.keys(unmarked), ["system", "messages"]);
  assert.equal(JSON.stringify(unmarked).includes("cache_control"), false);
});
