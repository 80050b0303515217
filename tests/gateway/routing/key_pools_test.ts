import assert from "node:assert/strict";
import { createKeyPools } from "../../../gateway/routing/key_pools.ts";
import { candidateOf } from "./support.ts";

function setUp() {
  const clock = { now: 1_000_000 };
  const pools = createKeyPools({ now: () => clock.now });
  const candidate = candidateOf("up/m", { keys: ["aaaa", "bbbb"] });
  const [first, second] = pools.lanesOf(candidate);
  assert.ok(first && second);
  const rest = () => (pools.restOf(first)?.until ?? clock.now) - clock.now;
  return { clock, pools, candidate, first, second, rest };
}

Deno.test("E12 G21 a key rests for as long as the upstream said, and no other key with it", () => {
  const { clock, pools, first, second, rest } = setUp();
  pools.bench(first, { reason: "limited", retryAfter: 38_000 });
  assert.equal(rest(), 38_000);
  assert.equal(pools.restOf(second), undefined);
  clock.now += 38_000;
  assert.equal(pools.restOf(first), undefined);
});

Deno.test("a key is benched for the model it was sent for, and is the same key at another place of the pool", () => {
  const { pools, first } = setUp();
  pools.bench(first, { reason: "refused", retryAfter: undefined });
  const [other] = pools.lanesOf(candidateOf("up/other", { keys: ["aaaa", "bbbb"] }));
  assert.equal(pools.restOf(other!), undefined);
  const moved = { candidate: candidateOf("up/m", { keys: ["bbbb", "aaaa"] }), key: 1 };
  assert.equal(pools.restOf(moved)?.reason, "refused");
});

Deno.test("without a time each rest is twice the one before, up to a longest, until the key was good", () => {
  for (const reason of ["limited", "refused"] as const) {
    const { clock, pools, first, rest } = setUp();
    for (const expected of [1_000, 2_000, 4_000]) {
      pools.bench(first, { reason, retryAfter: undefined });
      assert.equal(rest(), expected);
      clock.now += expected;
    }
    for (let count = 0; count < 20; count++) {
      pools.bench(first, { reason, retryAfter: undefined });
      clock.now += rest();
    }
    pools.bench(first, { reason, retryAfter: undefined });
    assert.equal(rest(), 60_000);
    clock.now += 60_000;
    pools.forgive(first);
    pools.bench(first, { reason, retryAfter: undefined });
    assert.equal(rest(), 1_000);
  }
});

Deno.test("calls that were under way together make no rest longer, nor shorter, and a late success none end", () => {
  const { pools, first, rest } = setUp();
  pools.bench(first, { reason: "limited", retryAfter: 5_000 });
  for (let count = 0; count < 100; count++) pools.bench(first, { reason: "limited", retryAfter: undefined });
  assert.equal(rest(), 5_000);
  pools.forgive(first);
  assert.equal(rest(), 5_000);
});

Deno.test("E12 an upstream that limits and says at once is still not asked in a loop", () => {
  const { pools, first, rest } = setUp();
  pools.bench(first, { reason: "limited", retryAfter: 0 });
  assert.ok(rest() > 0);
});

Deno.test("the keys of a pool take turns, and a provider without keys has one lane", () => {
  const { pools, candidate } = setUp();
  const order = () => pools.lanesOf(candidate).map(({ key }) => key);
  assert.deepEqual([order(), order(), order()], [[1, 0], [0, 1], [1, 0]]);
  assert.deepEqual(pools.lanesOf(candidateOf("demo/m")).map(({ key }) => key), [undefined]);
});

Deno.test("what is shown of a benched key is its fingerprint", () => {
  const { clock, pools, second } = setUp();
  pools.bench(second, { reason: "limited", retryAfter: 3_000 });
  assert.deepEqual(pools.benched(), [
    { provider: "up", model: "m", key: "bbbb", reason: "limited", until: clock.now + 3_000 },
  ]);
});
