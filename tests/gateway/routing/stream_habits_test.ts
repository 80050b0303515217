import assert from "node:assert/strict";
import { createStreamHabits } from "../../../gateway/routing/stream_habits.ts";

Deno.test("an upstream whose streams come back empty twice in a row is asked without for a while, then tried again", () => {
  const clock = { now: 1_000_000 };
  const habits = createStreamHabits({ now: () => clock.now });
  habits.fail("up/m");
  habits.succeed("up/m");
  habits.fail("up/m");
  assert.ok(!habits.isFaked("up/m"));
  habits.fail("up/m");
  for (const pause of [300_000, 600_000, 1_200_000, 2_400_000, 3_600_000, 3_600_000]) {
    assert.ok(habits.isFaked("up/m"));
    assert.deepEqual(habits.faked().map(({ upstream, until }) => [upstream, until]), [["up/m", clock.now + pause]]);
    clock.now += pause;
    assert.ok(!habits.isFaked("up/m"), `tried again after ${pause}`);
    habits.fail("up/m");
  }
  clock.now += 3_600_000;
  habits.succeed("up/m");
  assert.deepEqual(habits.faked(), []);
  assert.ok(!habits.isFaked("up/other"));
});
