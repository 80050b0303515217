import assert from "node:assert/strict";
import { GatewayError } from "../../chat/error.ts";
import { retry } from "../../gateway/retry.ts";
import { inFakeTime } from "../support/fake_time.ts";

/** Work that fails with these, one after another, and then does not; with what is noted of it. */
function setUp(...errors: unknown[]) {
  const notes: string[] = [];
  const abort = new AbortController();
  let calls = 0;
  const done = retry((attempt) => {
    assert.equal(attempt, calls + 1);
    const error = errors[calls++];
    return error === undefined ? Promise.resolve({ result: "done", outcome: "answered" }) : Promise.reject(error);
  }, {
    signal: abort.signal,
    maxAttempts: 3,
    random: () => 0.5,
    now: () => 0,
    note: ({ outcome, detail }) => notes.push(detail === undefined ? outcome : `${outcome}: ${detail}`),
  });
  return { abort, done, notes, calls: () => calls };
}

const busy = new GatewayError("overloaded", "Busy", { detail: "status 503" });

Deno.test("E7 what may pass is tried again after a while, and each attempt is noted", async () => {
  await inFakeTime(async ({ pass }) => {
    const { done, notes, calls } = setUp(busy, busy);
    await pass(100);
    assert.equal(calls(), 1);
    await pass(1000);
    assert.equal(await done, "done");
    assert.deepEqual(notes, ["overloaded: status 503", "overloaded: status 503", "answered"]);
  });
});

Deno.test("attempts end: the last one's failure is told", async () => {
  await inFakeTime(async ({ pass }) => {
    const last = new GatewayError("upstream-cut", "Cut");
    const { done, calls } = setUp(busy, busy, last);
    const refused = assert.rejects(done, last);
    await pass(10_000);
    await refused;
    assert.equal(calls(), 3);
  });
});

Deno.test("what no repetition helps is not repeated, nor what would keep the client waiting", async () => {
  const hopeless = [
    new GatewayError("invalid-request", "No"),
    new GatewayError("rate-limit", "Later", { retryAfter: 60_000 }),
    new TypeError("a fault of our own"),
  ];
  for (const error of hopeless) {
    const { done, calls } = setUp(error);
    await assert.rejects(done, { kind: error instanceof GatewayError ? error.kind : "internal" });
    assert.equal(calls(), 1);
  }
});

Deno.test("V14 a client that leaves ends the wait for another attempt", async () => {
  await inFakeTime(async ({ pass }) => {
    const { abort, done, calls } = setUp(busy);
    const gone = new GatewayError("client-gone", "Gone");
    const refused = assert.rejects(done, gone);
    await pass(10);
    abort.abort(gone);
    await refused;
    assert.equal(calls(), 1);
  });
});
