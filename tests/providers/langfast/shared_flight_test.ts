import assert from "node:assert/strict";
import { sharedFlight } from "../../../providers/langfast/shared_flight.ts";

function flights() {
  const starts: { signal: AbortSignal; resolve(value: number): void; reject(error: unknown): void }[] = [];
  const join = sharedFlight<number>();
  const start = (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    starts.push({ signal, resolve, reject });
    return promise;
  };
  return { starts, join: (signal = new AbortController().signal) => join(start, signal) };
}

Deno.test("callers at the same time share one flight, later ones start another", async () => {
  const { starts, join } = flights();
  const both = Promise.all([join(), join()]);
  starts[0]?.resolve(1);
  assert.deepEqual(await both, [1, 1]);
  const later = join();
  starts[1]?.resolve(2);
  assert.equal(await later, 2);
  assert.equal(starts.length, 2);
});

Deno.test("a failure is everybody's, and forgotten afterwards", async () => {
  const { starts, join } = flights();
  const outcomes = Promise.allSettled([join(), join()]);
  starts[0]?.reject(new Error("boom"));
  assert.deepEqual((await outcomes).map(({ status }) => status), ["rejected", "rejected"]);
  const next = join();
  starts[1]?.resolve(2);
  assert.equal(await next, 2);
});

Deno.test("a caller who leaves does not take the flight from the others", async () => {
  const { starts, join } = flights();
  const abort = new AbortController();
  const leaving = join(abort.signal);
  const staying = join();
  abort.abort(new Error("gone"));
  await assert.rejects(leaving, { message: "gone" });
  assert.equal(starts[0]?.signal.aborted, false);
  starts[0]?.resolve(1);
  assert.equal(await staying, 1);
});

Deno.test("the last to leave ends the flight, and the next one starts anew", async () => {
  const { starts, join } = flights();
  const abort = new AbortController();
  const leaving = join(abort.signal);
  abort.abort(new Error("gone"));
  await assert.rejects(leaving, { message: "gone" });
  assert.equal(starts[0]?.signal.aborted, true);
  await assert.rejects(join(AbortSignal.abort(new Error("gone before"))), { message: "gone before" });
  assert.equal(starts.length, 1);
  const next = join();
  starts[0]?.resolve(1);
  starts[1]?.resolve(2);
  assert.equal(await next, 2);
});
