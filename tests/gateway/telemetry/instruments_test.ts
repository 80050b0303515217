import assert from "node:assert/strict";
import type { Meter } from "@opentelemetry/api";
import type { Usage } from "../../../chat/usage.ts";
import type { Observation } from "../../../gateway/observation.ts";
import { createInstruments } from "../../../gateway/telemetry/instruments.ts";

/** What the counters of tokens were given of one answer, by the last part of their names. */
function counted(usage: Usage): Record<string, number> {
  const found: Record<string, number> = {};
  const meter = {
    createCounter: (name: string) => ({ add: (tokens: number) => found[name.split("usage.")[1] ?? name] = tokens }),
    createHistogram: () => ({ record: () => {} }),
  };
  const observation: Observation = {
    ...{ id: "r", startedAt: 0, dialect: "anthropic", stream: false, attempts: [], lost: [], owner: "", chunks: 0 },
    usage,
  };
  createInstruments(meter as unknown as Meter).finished(observation, { seconds: 1, attributes: {} });
  return found;
}

Deno.test("tokens that are written to a cache count together, for however long they are written", () => {
  const both = { input_tokens: 9, output_tokens: 1 };
  assert.deepEqual(counted({ input: 9, output: 1 }), both, "what was not told is not counted as nothing");
  assert.deepEqual(counted({ input: 9, output: 1, cacheWriteHour: 4 }), { ...both, "cache_write.input_tokens": 4 });
  assert.deepEqual(counted({ input: 9, output: 1, cacheWrite: 3, cacheWriteHour: 4 }), {
    ...both,
    "cache_write.input_tokens": 7,
  });
});

Deno.test("what was estimated is not counted as what a provider told", () => {
  assert.deepEqual(counted({ input: 9, output: 1, estimated: true }), {});
});
