import assert from "node:assert/strict";
import type { Observation } from "../../../gateway/observation.ts";
import { createPlaces } from "../../../gateway/limits/places.ts";

const { signal } = new AbortController();

function request(id: string): Observation {
  return {
    ...{ id, startedAt: 0, dialect: "openai_chat", stream: false, owner: "" },
    ...{ attempts: [], lost: [], chunks: 0 },
  };
}

Deno.test("a place that is free again is that of who has waited for longest, and of nobody where nobody waits", async () => {
  const places = createPlaces({ maxConcurrent: 1, maxQueue: 2, queueTimeout: 0 });
  const [first, second, third] = ["first", "second", "third"].map(request) as [Observation, Observation, Observation];
  const begun: string[] = [];
  const take = (observation: Observation) =>
    places.take(observation, undefined, signal).then(() => void begun.push(observation.id));
  await take(first);
  const waiting = [take(second), take(third)];
  assert.deepEqual(places.state(), { running: 1, queued: 2, refused: 0 });
  const order = ["first", "second", "third"];
  for (const [at, observation] of [first, second, third].entries()) {
    await Promise.resolve();
    assert.deepEqual(begun, order.slice(0, at + 1));
    places.finished(observation, 0);
    await Promise.all(waiting.slice(0, at + 1));
  }
  assert.deepEqual(places.state(), { running: 0, queued: 0, refused: 0 });
});

Deno.test("a request that never had a place gives none to who waits", async () => {
  const places = createPlaces({ maxConcurrent: 1, maxQueue: 1, queueTimeout: 0 });
  const [held, waiting, refused] = [request("held"), request("waiting"), request("refused")];
  await places.take(held, undefined, signal);
  const taking = places.take(waiting, undefined, signal);
  await assert.rejects(places.take(refused, undefined, signal), { kind: "overloaded" });
  places.finished(refused, 0);
  assert.deepEqual(places.state(), { running: 1, queued: 1, refused: 1 });
  places.finished(held, 0);
  await taking;
  assert.deepEqual(places.state(), { running: 1, queued: 0, refused: 1 });
});
