import assert from "node:assert/strict";
import { formatResults, type Row } from "../../bench/results.ts";

const machine = { processor: "a processor", cores: 2, loadBefore: 0, loadAfter: 0 };
const rest = { date: "2026-11-26", deno: "2.9.6", machine, rounds: 3, requests: 100, connections: 16 };
const row = { work: "plain", unit: "× bare", from: "3 / 2 µs" };

function lineOf(row: Row): string | undefined {
  return formatResults({ ...rest, rows: [row] }).split("\n")[2];
}

Deno.test("a row says what was to be reached, what was measured and whether that is reached", () => {
  assert.equal(lineOf({ ...row, value: 1.5, limit: 1.6 }), "| plain | ≤ 1.6 × bare | 1.50 × bare | yes | 3 / 2 µs |");
  assert.equal(
    lineOf({ ...row, value: 1.7, limit: 1.6 }),
    "| plain | ≤ 1.6 × bare | 1.70 × bare | **no** | 3 / 2 µs |",
  );
  assert.equal(lineOf({ ...row, value: 123.4 }), "| plain |  | 123 × bare |  | 3 / 2 µs |");
});

Deno.test("a row that could not be measured says why, and no verdict", () => {
  const found = lineOf({ work: "plain", unit: "× theirs", limit: 0.67, from: "Cannot install by npm" });
  assert.equal(found, "| plain | ≤ 0.67 × theirs | not measured |  | Cannot install by npm |");
});
