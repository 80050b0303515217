/** Tests of effort words and token budgets. */

import assert from "node:assert/strict";
import { EFFORTS } from "../../chat/request.ts";
import { EFFORT_BUDGETS, effortOf } from "../../dialects/reasoning_effort.ts";

Deno.test("K12 the budget of an effort is that effort again", () => {
  for (const effort of EFFORTS) assert.equal(effortOf({ budget: EFFORT_BUDGETS[effort] }), effort);
});

Deno.test("K12 an effort counts before a budget, and a budget of -1 is left to the model", () => {
  assert.equal(effortOf({ effort: "low", budget: 65_536 }), "low");
  assert.equal(effortOf({ budget: -1 }), undefined);
  assert.equal(effortOf({}), undefined);
  assert.equal(effortOf({ budget: 5000 }), "medium");
  assert.equal(effortOf({ budget: 1_000_000 }), "max");
});
