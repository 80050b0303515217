import assert from "node:assert/strict";
import { createLimits } from "../../../gateway/limits/limits.ts";
import type { Observation } from "../../../gateway/observation.ts";
import { createMemoryStore } from "../../../records/memory_store.ts";

const LIMITS = { requestsPerMinute: 100, tokensPerMinute: 1000 };

function observationOf(id: string): Observation {
  return {
    ...{ id, startedAt: 0, dialect: "openai_chat", stream: false, owner: "" },
    ...{ attempts: [], lost: [], chunks: 0 },
  };
}

/** Limits over a storage that may be taken away, and what they warned of. */
function setUp() {
  const memory = createMemoryStore({ now: () => 0, limit: 1e6 });
  const storage = { isAway: false };
  const store = { ...memory, state: () => ({ mode: "kv" as const, ...storage.isAway && { degraded: "gone" } }) };
  const warnings: string[] = [];
  const closing = new AbortController();
  const limits = createLimits({
    ...{ store, pricesOf: () => undefined, now: () => 0, random: () => 0, closing: closing.signal },
    log: { warn: (message) => void warnings.push(message) },
  });
  async function admit(id: string): Promise<Observation> {
    const client = { id, name: id, limits: LIMITS, source: "storage" as const };
    const observation = observationOf(id);
    await limits.admit(client, observation, { input: () => 10, mostOutput: 10 });
    return observation;
  }
  async function close(): Promise<void> {
    closing.abort();
    await limits.settled();
  }
  /** What is counted of the key in the storage, by its measures. */
  async function countedOf(id: string): Promise<Record<string, number>> {
    const entries = await memory.list<number>(["limits", id], { limit: 9 });
    return Object.fromEntries(entries.map(({ key, value }) => [key[2], value]));
  }
  return { limits, storage, warnings, admit, close, countedOf };
}

Deno.test("each time that the storage goes away, one warning says that the limits are each instance's own", async () => {
  const { storage, warnings, admit, close } = setUp();
  /** Each key has leased nothing before. */
  const warnedAfter = async (...ids: string[]) => {
    for (const id of ids) await admit(id);
    return warnings.length;
  };
  assert.equal(await warnedAfter("a"), 0);
  storage.isAway = true;
  assert.equal(await warnedAfter("b", "c"), 1);
  storage.isAway = false;
  assert.equal(await warnedAfter("d"), 1);
  storage.isAway = true;
  assert.equal(await warnedAfter("e", "f"), 2);
  await close();
});

Deno.test("an instance that closes leaves what was used in the storage, and nothing of what it had leased", async () => {
  const { limits, admit, close, countedOf } = setUp();
  // One that still runs is counted by what it was let in with.
  await admit("a");
  const observation = await admit("a");
  limits.finished(Object.assign(observation, { usage: { input: 7, output: 2 } }), 0);
  assert.ok((await countedOf("a")).requests! > 2);
  await close();
  assert.deepEqual(await countedOf("a"), { requests: 2, tokens: 29, dayTokens: 29 });
});

Deno.test("what still runs of a key that is gone is counted nowhere", async () => {
  const { limits, admit, close, countedOf } = setUp();
  const observation = await admit("a");
  await limits.forget("a");
  limits.finished(Object.assign(observation, { usage: { input: 7, output: 2 } }), 0);
  await close();
  assert.deepEqual(await countedOf("a"), {});
});
