import assert from "node:assert/strict";
import { earlyEvents } from "../../../providers/langfast/early_events.ts";
import type { SocketEvent } from "../../../providers/langfast/read_frame.ts";

const said = (executionId: string, content: string): SocketEvent => ({
  name: "execution:chunk",
  payload: { executionId, content },
});

Deno.test("W5 what a run said before it is known is kept, however much others of the session say meanwhile", () => {
  const early = earlyEvents();
  early.add(said("ours", "The whole answer"));
  for (let at = 0; at < 1_000; at++) early.add(said(`other-${at % 3}`, `${at}`));
  const kept = early.take();
  assert.deepEqual(kept[0], said("ours", "The whole answer"));
  assert.deepEqual(kept.at(-1), said("other-0", "999"), "in their order");
  assert.ok(kept.length < 60, String(kept.length));
  assert.deepEqual(early.take(), []);
});

Deno.test("no more runs are kept than so many, the newest", () => {
  const early = earlyEvents();
  for (let at = 0; at < 1_000; at++) early.add(said(`run-${at}`, "a"));
  const kept = early.take();
  assert.equal(kept.length, 256);
  assert.deepEqual(kept.at(-1), said("run-999", "a"));
});

Deno.test("runs are told apart where payloads are text, too, and of events without a run as many are kept as of runs", () => {
  const early = earlyEvents();
  const asText = (event: SocketEvent) => ({ ...event, payload: JSON.stringify(event.payload) });
  const unnamed: SocketEvent = { name: "error", payload: {} };
  early.add(asText(said("ours", "The whole answer")));
  early.add(unnamed);
  for (let at = 0; at < 100; at++) early.add(asText(said("other", `${at}`)));
  for (let at = 0; at < 200; at++) early.add({ name: "ping", payload: {} });
  const kept = early.take();
  assert.deepEqual(kept.slice(0, 2), [asText(said("ours", "The whole answer")), unnamed]);
});
