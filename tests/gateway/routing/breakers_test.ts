import assert from "node:assert/strict";
import { createBreakers } from "../../../gateway/routing/breakers.ts";

function setUp() {
  const clock = { now: 1_000_000 };
  const breakers = createBreakers({ now: () => clock.now });
  const fail = (times: number) => {
    for (let count = 0; count < times; count++) breakers.fail("up/m");
  };
  return { clock, breakers, fail, allows: () => breakers.allows("up/m") };
}

Deno.test("a breaker opens after three failures in a row, for its own upstream", () => {
  const { breakers, fail, allows } = setUp();
  fail(2);
  assert.ok(allows());
  fail(1);
  assert.ok(!allows());
  assert.ok(breakers.allows("up/other"));
});

Deno.test("a success in between begins the count anew", () => {
  const { breakers, fail, allows } = setUp();
  fail(2);
  breakers.succeed("up/m");
  fail(2);
  assert.ok(allows());
});

Deno.test("a half-open breaker lets one probe through, which closes it or opens it for twice as long", () => {
  const { clock, breakers, fail, allows } = setUp();
  fail(3);
  for (const pause of [15_000, 30_000, 60_000]) {
    clock.now += pause - 1;
    assert.ok(!allows(), `still open after ${pause - 1}`);
    clock.now += 1;
    assert.ok(allows(), `half-open after ${pause}`);
    breakers.begin("up/m");
    assert.ok(!allows(), "one probe only");
    fail(1);
  }
  clock.now += 120_000;
  breakers.begin("up/m");
  breakers.succeed("up/m");
  assert.ok(allows());
  assert.deepEqual(breakers.open(), []);
});

Deno.test("E15 an attempt that says nothing of the provider gives the probe back, and one never heard of is not waited for", () => {
  const { clock, breakers, fail, allows } = setUp();
  fail(3);
  clock.now += 15_000;
  breakers.begin("up/m");
  breakers.release("up/m");
  assert.ok(allows());
  breakers.begin("up/m");
  clock.now += 119_999;
  assert.ok(!allows());
  clock.now += 1;
  assert.ok(allows());
});

Deno.test("calls that were under way when it opened do not keep it open for longer", () => {
  const { clock, breakers, fail, allows } = setUp();
  fail(30);
  assert.equal(breakers.open()[0]?.until, clock.now + 15_000);
  clock.now += 15_000;
  assert.ok(allows());
  assert.equal(breakers.open()[0]?.state, "half-open");
});
