import assert from "node:assert/strict";
import { type ErrorKind, GatewayError, type GatewayErrorOptions } from "../../../chat/error.ts";
import { createItinerary } from "../../../gateway/routing/itinerary.ts";
import { createRouting } from "../../../gateway/routing/routing.ts";
import type { Try } from "../../../gateway/routing/stop.ts";
import { candidateOf } from "./support.ts";

/** Itineraries over the same upstreams, with a clock that waits pass on. */
function setUp(candidates = [candidateOf("one/m", { keys: ["a", "b"] }), candidateOf("two/m")]) {
  const clock = { now: 1_000_000 };
  const now = () => clock.now;
  const routing = createRouting({ now });
  const begin = (options = {}) => {
    const itinerary = createItinerary({
      ...{ candidates, routing, maxAttempts: 2, mode: undefined, stream: true, now, random: () => 1 },
      ...options,
    });
    const next = (): Try => {
      const tried = itinerary.next();
      clock.now += tried.wait;
      return tried;
    };
    const fail = (tried: Try, kind: ErrorKind, more: GatewayErrorOptions = {}) => {
      const error = new GatewayError(kind, "Cannot answer", more);
      routing.learn({ lane: tried.lane, streamed: tried.streamed, error });
      itinerary.failed(tried, error);
    };
    /** All attempts there are when each fails so, as `provider key`. */
    const all = (kind: ErrorKind, more: GatewayErrorOptions = {}) => {
      const made: string[] = [];
      try {
        for (;;) {
          const tried = next();
          made.push(nameOf(tried));
          fail(tried, kind, more);
        }
      } catch (error) {
        assert.ok(error instanceof GatewayError, String(error));
        return { made: made.join(", "), error };
      }
    };
    return { itinerary, next, fail, all };
  };
  return { clock, routing, begin };
}

function nameOf({ lane: { candidate, key } }: Try): string {
  return `${candidate.provider.name} ${key ?? "-"}`;
}

Deno.test("V19 the same upstream is tried again with another key first, then the next candidate", () => {
  const { error, made } = setUp().begin().all("upstream-failure");
  assert.equal(made, "one 0, one 1, two -, two -");
  assert.equal(error.kind, "upstream-failure");
});

Deno.test("what each failure leads to", () => {
  const cases: [ErrorKind, GatewayErrorOptions, string][] = [
    ["upstream-empty", {}, "one 0, one 1, two -, two -"],
    ["upstream-failure", { retryable: false }, "one 0, two -"],
    // Who was slow to fail is asked again only after the others.
    ["upstream-timeout", { code: "headers_timeout" }, "one 0, two -, one 1, two -"],
    ["overloaded", { retryAfter: 2_000 }, "one 0, two -, one 1, two -"],
    ["overloaded", { retryAfter: 60_000 }, "one 0, two -"],
    ["upstream-auth", {}, "one 0, one 1, two -"],
    ["upstream-quota", {}, "one 0, one 1, two -"],
    ["rate-limit", { retryAfter: 60_000 }, "one 0, one 1, two -"],
    // A short limit is waited out once nothing else is left.
    ["rate-limit", { retryAfter: 2_000 }, "one 0, one 1, two -, one 0, two -"],
    ["unknown-model", {}, "one 0, two -"],
    ["invalid-request", {}, "one 0"],
    ["too-large", {}, "one 0"],
    ["context-length", {}, "one 0"],
    ["upstream-timeout", { code: "total_timeout" }, "one 0"],
  ];
  for (const [kind, options, expected] of cases) {
    const { error, made } = setUp().begin().all(kind, options);
    assert.equal(made, expected, kind);
    assert.equal(error.kind, kind);
  }
});

Deno.test("E15 a request that is too long is tried where the window is known to be larger, and nowhere else", () => {
  const candidates = [
    candidateOf("small/m", { contextWindow: 8_000 }),
    candidateOf("unknown/m"),
    candidateOf("same/m", { contextWindow: 8_000 }),
    candidateOf("large/m", { contextWindow: 200_000 }),
  ];
  assert.equal(setUp(candidates).begin().all("context-length").made, "small -, large -");
});

Deno.test("E12 a pool of many limited keys is gone through once, also where a rest is over before the pool is", () => {
  const { clock, begin } = setUp([candidateOf("one/m", { keys: ["a", "b", "c"] })]);
  const { next, fail } = begin();
  const made: string[] = [];
  assert.throws(() => {
    for (;;) {
      const tried = next();
      made.push(nameOf(tried));
      clock.now += 5_000;
      fail(tried, "rate-limit", { retryAfter: 1_000 });
    }
  }, { kind: "rate-limit" });
  assert.equal(made.length, 4, made.join(", "));
});

Deno.test("E12 when all keys rest, a request is told at once until when: 429 where one was limited, or else 503", () => {
  const { clock, begin } = setUp();
  begin().all("upstream-auth");
  assert.throws(() => begin().itinerary.next(), { kind: "overloaded", code: "keys_refused", retryAfter: 1_000 });
  clock.now += 900;
  assert.throws(() => begin().itinerary.next(), { kind: "overloaded", retryAfter: 100 });
  clock.now += 100;
  begin().all("rate-limit", { retryAfter: 30_000 });
  assert.throws(() => begin().itinerary.next(), { kind: "rate-limit", retryAfter: 30_000 });
});

Deno.test("E12 the time that is told is that of a limit, where one key is limited and another refused", () => {
  const { begin } = setUp([candidateOf("one/m", { keys: ["a", "b"] })]);
  const { next, fail } = begin();
  fail(next(), "upstream-auth");
  fail(next(), "rate-limit", { retryAfter: 30_000 });
  assert.throws(() => begin().itinerary.next(), { kind: "rate-limit", retryAfter: 30_000 });
});

Deno.test("an open breaker is passed over unless there is no other, and one probe comes back to it", () => {
  const { clock, begin, routing } = setUp();
  for (let count = 0; count < 2; count++) begin({ maxAttempts: 3 }).fail(begin().next(), "upstream-failure");
  const third = begin();
  const tried = third.next();
  assert.equal(tried.lane.candidate.provider.name, "one");
  third.fail(tried, "upstream-failure");
  assert.equal(nameOf(begin().next()), "two -", "open");
  clock.now += 15_000;
  const probe = begin().next();
  assert.equal(probe.lane.candidate.provider.name, "one", "half-open");
  routing.begin(probe.lane);
  assert.equal(nameOf(begin().next()), "two -", "one probe only");

  const alone = setUp([candidateOf("one/m")]);
  assert.equal(alone.begin({ maxAttempts: 9 }).all("upstream-failure").made.split(", ").length, 9);
  assert.equal(nameOf(alone.begin().next()), "one -");
});

Deno.test("V19 where no breaker lets anybody be asked, all are asked in their order", () => {
  const { begin, routing } = setUp();
  for (const candidate of [candidateOf("one/m", { keys: ["a", "b"] }), candidateOf("two/m")]) {
    const error = new GatewayError("upstream-failure", "Cannot answer");
    for (let count = 0; count < 3; count++) {
      routing.learn({ lane: { candidate, key: undefined }, streamed: true, error });
    }
  }
  assert.equal(routing.state().breakers.length, 2);
  assert.equal(begin().all("upstream-failure").made, "one 0, one 1, two -, two -");
});

Deno.test("V20 the lane beside another is a key that was not sent, then the next candidate, then none", () => {
  const { begin } = setUp();
  const { itinerary, next } = begin();
  const first = next();
  const second = itinerary.alternative(first);
  assert.deepEqual([nameOf(first), second && nameOf(second)], ["one 0", "one 1"]);
  const third = itinerary.alternative(first);
  assert.equal(third && nameOf(third), "two -");
  const alone = setUp([candidateOf("one/m")]).begin();
  assert.equal(alone.itinerary.alternative(alone.next()), undefined);
});

Deno.test("V20 who named a time is a lane beside another as soon as that is over, and not before", () => {
  const { clock, begin } = setUp([candidateOf("one/m"), candidateOf("two/m")]);
  const { itinerary, next, fail } = begin();
  fail(next(), "overloaded", { retryAfter: 2_000 });
  const other = next();
  // The jitter comes on top.
  clock.now += 2_099;
  assert.equal(itinerary.alternative(other), undefined);
  clock.now += 1;
  const due = itinerary.alternative(other);
  assert.equal(due && nameOf(due), "one -");
});

Deno.test("an auto stream that began badly is asked without streaming: in this request at once, in all after two", () => {
  const { begin } = setUp([candidateOf("one/m", { stream: "auto" })]);
  const streamed = () => {
    const { next, fail } = begin({ maxAttempts: 3 });
    const first = next();
    fail(first, "upstream-empty");
    return [first.streamed, next().streamed];
  };
  assert.deepEqual([streamed(), streamed(), streamed()], [[true, false], [true, false], [false, false]]);
  assert.equal(begin({ mode: "real" }).next().streamed, true, "a client's own wish holds");
});

Deno.test("an auto stream that begins well makes up for one that began badly before", () => {
  const { begin, routing } = setUp([candidateOf("one/m", { stream: "auto" })]);
  for (let count = 0; count < 3; count++) {
    const { next, fail } = begin();
    const tried = next();
    assert.equal(tried.streamed, true);
    fail(tried, "upstream-cut");
    routing.learn({ lane: tried.lane, streamed: true, began: true });
  }
});
