import assert from "node:assert/strict";
import { GatewayError } from "../../../chat/error.ts";
import { type Attempt, learning, noting, OUTRUN } from "../../../gateway/routing/attempt.ts";
import { hedging } from "../../../gateway/routing/hedge.ts";
import { createItinerary } from "../../../gateway/routing/itinerary.ts";
import { createRouting } from "../../../gateway/routing/routing.ts";
import { clientGone } from "../../../gateway/scope.ts";
import { travel } from "../../../gateway/routing/travel.ts";
import { delay } from "../../../streaming/timer.ts";
import { inFakeTime } from "../../support/fake_time.ts";
import { candidateOf } from "./support.ts";

/** What becomes of each upstream's attempts: an answer or a failure after so many milliseconds. */
type Fates = Record<string, { after: number; error?: GatewayError; deaf?: true }>;

/** Travels over the upstreams with a second attempt after 100 ms; gives the winner, when, and what was noted. */
async function race(fates: Fates, { names = ["one/m", "two/m"], leavesAfter = Infinity } = {}) {
  const notes: string[] = [];
  const discarded: string[] = [];
  const signals: AbortSignal[] = [];
  let settled: { winner?: string; error?: unknown; at: number } | undefined;
  await inFakeTime(async ({ pass }) => {
    const began = performance.now();
    const now = () => performance.now();
    const routing = createRouting({ now });
    const candidates = names.map((name) => candidateOf(name));
    const random = () => 0;
    const itinerary = createItinerary({ candidates, routing, maxAttempts: 1, mode: "real", stream: true, now, random });
    const attempt: Attempt<string> = async ({ lane: { candidate: { provider: { name } } } }, signal) => {
      signals.push(signal);
      const { after, error, deaf } = fates[name]!;
      await delay(after, deaf ? undefined : signal);
      if (error !== undefined) throw error;
      return { result: name, outcome: "began" };
    };
    const noted = noting(learning(attempt, { routing, itinerary }), {
      now,
      note: ({ provider, outcome }) => notes.push(`${provider} ${outcome}`),
    });
    const hedged = hedging(noted, { after: 100, itinerary, discard: (name) => discarded.push(name) });
    const leaving = new AbortController();
    if (leavesAfter < Infinity) setTimeout(() => leaving.abort(clientGone()), leavesAfter);
    const travelling = travel(hedged, itinerary, leaving.signal)
      .then((winner) => settled = { winner, at: now() - began }, (error) => settled = { error, at: now() - began });
    await pass(10_000);
    await travelling;
  });
  assert.ok(settled);
  return { ...settled, notes, discarded, signals };
}

const failure = new GatewayError("upstream-failure", "Cannot answer");

Deno.test("V20 an attempt that speaks in time is alone", async () => {
  const { winner, notes } = await race({ one: { after: 99 }, two: { after: 0 } });
  assert.equal(winner, "one");
  assert.deepEqual(notes, ["one began"]);
});

Deno.test("V20 a silent attempt is joined by the next; the first with content wins, the loser is aborted at once", async () => {
  const { winner, at, notes, signals } = await race({ one: { after: 5_000 }, two: { after: 50 } });
  assert.deepEqual([winner, at], ["two", 150]);
  assert.deepEqual(notes, ["two began", "one outrun"]);
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, false]);
  assert.equal(signals[0]?.reason, OUTRUN);
});

Deno.test("V20 the first may still win, and a loser that answers all the same is ended", async () => {
  const { winner, discarded, signals } = await race({ one: { after: 200 }, two: { after: 150, deaf: true } });
  assert.equal(winner, "one");
  assert.deepEqual(signals.map(({ aborted }) => aborted), [false, true]);
  assert.deepEqual(discarded, ["two"]);
});

Deno.test("V20 a failure of either leaves it to the other, and both failures end in the last one's error", async () => {
  assert.equal((await race({ one: { after: 150, error: failure }, two: { after: 500 } })).winner, "two");
  assert.equal((await race({ one: { after: 500 }, two: { after: 10, error: failure } })).winner, "one");
  const { error, notes } = await race({ one: { after: 200, error: failure }, two: { after: 10, error: failure } });
  assert.equal(error, failure);
  assert.deepEqual(notes, ["two upstream-failure", "one upstream-failure"]);
});

Deno.test("V20 a failure before the time is no matter of hedging, and without another lane there is none", async () => {
  assert.deepEqual((await race({ one: { after: 10, error: failure }, two: { after: 0 } })).notes, [
    "one upstream-failure",
    "two began",
  ]);
  assert.deepEqual((await race({ one: { after: 900 } }, { names: ["one/m"] })).notes, ["one began"]);
});

Deno.test("V20 an attempt that is slow to end when its client leaves is joined by none", async () => {
  const { error, notes, signals } = await race(
    { one: { after: 300, deaf: true, error: failure }, two: { after: 50 } },
    {
      leavesAfter: 50,
    },
  );
  assert.equal((error as GatewayError).kind, "client-gone");
  assert.deepEqual(notes, ["one client-gone"]);
  assert.equal(signals.length, 1);
});
