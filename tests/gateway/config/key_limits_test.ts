import assert from "node:assert/strict";
import { parseKeyForm } from "../../../gateway/config/key_limits.ts";

/** Each with what is just within it, and what is just without. */
const BOUNDS: [place: string, within: unknown[], without: unknown[]][] = [
  ["limits.requestsPerMinute", [1, 1e12], [0, 1e12 + 1, 1.5, "5", null]],
  ["limits.moneyPerDay", [0.01, 1e6], [0, -1, 1e6 + 1, Infinity]],
  ["limits.models", [["*"], Array(1000).fill("m"), ["m".repeat(300)]], [[], Array(1001).fill("m"), "m"]],
  ["limits.models.0", [], [[""], [" "], ["m".repeat(301)], [5]]],
  ["name", ["x", "x".repeat(100)], ["", "  ", "x".repeat(101), 5]],
  ["expiresAt", [1e12, null], [1e12 - 1, 1e12 + 0.5, "2030"]],
];

for (const [place, within, without] of BOUNDS) {
  Deno.test(`a key's ${place} has its bounds`, () => {
    const [table, limit] = place.split(".");
    const read = (value: unknown) =>
      parseKeyForm({ name: "phone", ...(limit === undefined ? { [table!]: value } : { limits: { [limit]: value } }) });
    for (const value of within) assert.ok("form" in read(value), JSON.stringify(value));
    for (const value of without) {
      const outcome = read(value);
      assert.ok("problems" in outcome, JSON.stringify(value));
      assert.deepEqual(outcome.problems.map(({ path }) => path), [place]);
    }
  });
}
