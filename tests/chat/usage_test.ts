/** Tests of what two answers cost together. */

import { deepEqual, equal } from "node:assert/strict";
import { addUsage, type Usage } from "../../chat/usage.ts";

const PLAIN: Usage = { input: 10, output: 5 };

for (const part of ["cached", "cacheWrite", "cacheWriteHour", "reasoning"] as const) {
  Deno.test(`of ${part} the sum knows what both know, or what one does`, () => {
    deepEqual(addUsage({ ...PLAIN, [part]: 2 }, { ...PLAIN, [part]: 3 }), { input: 20, output: 10, [part]: 5 });
    deepEqual(addUsage({ ...PLAIN, [part]: 2 }, PLAIN), { input: 20, output: 10, [part]: 2 });
    deepEqual(addUsage(PLAIN, { ...PLAIN, [part]: 0 }), { input: 20, output: 10, [part]: 0 });
  });
}

Deno.test("a sum is an estimate where either part is one, and the other part alone is itself", () => {
  const estimate: Usage = { ...PLAIN, estimated: true };
  equal(addUsage(estimate, PLAIN).estimated, true);
  equal(addUsage(PLAIN, estimate).estimated, true);
  deepEqual(addUsage(PLAIN, PLAIN), { input: 20, output: 10 });
  equal(addUsage(undefined, estimate), estimate);
});
