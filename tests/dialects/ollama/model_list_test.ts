/** What Ollama's clients are told of the models. */

import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { Ollama } from "ollama";
import { formatShow, formatTags, formatVersion } from "../../../dialects/ollama/model_list.ts";

const DETAILS = {
  parent_model: "",
  format: "",
  family: "anystream",
  families: ["anystream"],
  parameter_size: "",
  quantization_level: "",
};

/** The official client, to which every request gets this answer. */
function clientOf(body: unknown): Ollama {
  return new Ollama({ fetch: () => Promise.resolve(Response.json(body)) });
}

Deno.test("formatTags() lists models as the official client reads them", async () => {
  const { models } = await clientOf(
    formatTags([{ id: "openai/gpt-5", created: 1_788_000_000, facts: {} }, { id: "b", facts: {} }]),
  ).list();
  deepEqual(models.map(({ name, model, modified_at }) => ({ name, model, modified_at })), [
    { name: "openai/gpt-5", model: "openai/gpt-5", modified_at: "2026-08-29T10:40:00.000Z" },
    { name: "b", model: "b", modified_at: "1970-01-01T00:00:00.000Z" },
  ]);
  for (const { details, size } of models) deepEqual([details, size], [DETAILS, 0]);
  deepEqual(formatTags([]), { models: [] });
});

Deno.test("formatTags() gives each model a digest of its own, which the command line can cut to 12 characters", () => {
  const digests = (formatTags([{ id: "a", facts: {} }, { id: "b", facts: {} }]).models as { digest: string }[]).map((
    { digest },
  ) => digest);
  for (const digest of digests) match(digest, /^[0-9a-f]{64}$/);
  notEqual(digests[0], digests[1]);
});

Deno.test("formatShow() says how much context a model has, where clients look for it", async () => {
  const shown = await clientOf(formatShow({ id: "m", displayName: "M", facts: { contextWindow: 8192 } })).show({
    model: "m",
  });
  deepEqual(shown.model_info, {
    "general.architecture": "anystream",
    "general.basename": "M",
    "anystream.context_length": 8192,
  });
  equal(shown.parameters, "num_ctx 8192");
  deepEqual(shown.details, DETAILS);
  const unknown = formatShow({ id: "m", facts: {} });
  deepEqual(unknown.model_info, { "general.architecture": "anystream", "general.basename": "m" });
  equal(unknown.parameters, "");
});

Deno.test("L3 formatShow() claims thinking only where it is known, and tools unless they are refused", () => {
  deepEqual(formatShow({ id: "m", facts: {} }).capabilities, ["completion", "tools"]);
  deepEqual(formatShow({ id: "m", facts: { thinking: "none" } }).capabilities, ["completion", "tools"]);
  deepEqual(formatShow({ id: "m", facts: { thinking: "budget", refuses: ["tools"] } }).capabilities, [
    "completion",
    "thinking",
  ]);
});

Deno.test("formatVersion() is a version that clients can compare", async () => {
  const { version } = await clientOf(formatVersion()).version();
  match(version, /^\d+\.\d+\.\d+$/);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  ok(major > 0 || minor >= 7, "VS Code asks for 0.6.4 at least");
});
