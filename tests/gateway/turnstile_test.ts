import assert from "node:assert/strict";
import { createTurnstile } from "../../gateway/turnstile.ts";

Deno.test("Q3 a turnstile lets a few through at a time, however long they stay", () => {
  let now = 0;
  const enter = createTurnstile({ width: 2, pause: 1000, now: () => now });
  const leave = enter();
  assert.ok(leave && enter());
  assert.equal(enter(), undefined);
  now = 60_000;
  assert.equal(enter(), undefined);
  leave();
  assert.ok(enter());
  assert.equal(enter(), undefined);
});

Deno.test("Q3 those who leave at once do not let more through than a few within a second", () => {
  let now = 0;
  const enter = createTurnstile({ width: 2, pause: 1000, now: () => now });
  const passed = () =>
    Array.from({ length: 50 }, () => {
      const leave = enter();
      leave?.();
      return leave;
    }).filter((leave) => leave !== undefined);
  assert.equal(passed().length, 2);
  now = 999;
  assert.equal(passed().length, 0);
  now = 1000;
  assert.equal(passed().length, 2);
});
