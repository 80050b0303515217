import assert from "node:assert/strict";
import { backoff, PATIENCE } from "../../gateway/backoff.ts";

Deno.test("E7 backoff() doubles with each attempt, jittered by up to a half, up to a ceiling", () => {
  const waits = [1, 2, 3, 4].map((attempt) => backoff({ attempt, retryAfter: undefined, random: 1 }));
  assert.deepEqual(waits, [200, 400, 800, 1600]);
  assert.equal(backoff({ attempt: 1, retryAfter: undefined, random: 0 }), 100);
  assert.equal(backoff({ attempt: 30, retryAfter: undefined, random: 1 }), 5000);
});

Deno.test("E12 backoff() waits as long as the upstream said, never less, and not beyond a client's patience", () => {
  for (const random of [0, 0.5, 0.99]) {
    const wait = backoff({ attempt: 1, retryAfter: 2000, random });
    assert.ok(wait !== undefined && wait >= 2000 && wait <= 2100, String(wait));
  }
  assert.equal(backoff({ attempt: 1, retryAfter: PATIENCE + 1, random: 0 }), undefined);
});
