import assert from "node:assert/strict";
import { overviewOf, spanOf } from "../../../gateway/admin/overview.ts";
import { type Cell, HOUR, noTotals } from "../../../records/hour_totals.ts";
import { count } from "../../../records/histogram.ts";

const DAY = 24 * HOUR;
const START = 20_000 * DAY;

function cell(more: Partial<Cell>): Cell {
  return { ...noTotals(), ...more };
}

function tokens(input: number, output: number): Cell["tokens"] {
  return { ...noTotals().tokens, input, output };
}

const pricesOf = (provider: string | undefined) => provider === "paid" ? { input: 1, output: 10 } : undefined;

Deno.test("hours of several instances are added up over all, by group and by bucket, the busiest group first", () => {
  const hours = [
    {
      start: START,
      cells: [cell({ provider: "free", requests: 1 }), cell({ provider: "paid", requests: 2, errors: 1 })],
    },
    { start: START, cells: [cell({ provider: "paid", requests: 3, cancelled: 1 })] },
    { start: START + HOUR, cells: [cell({ provider: "paid", requests: 4 }), cell({ requests: 1 })] },
  ];
  const { total, groups, span } = overviewOf(hours, { from: START, to: START + DAY, by: "provider", pricesOf });
  assert.equal(span, HOUR);
  assert.deepEqual([total.total.requests, total.total.errors, total.total.cancelled], [11, 1, 1]);
  assert.deepEqual(total.buckets.map(({ at, requests }) => [at, requests]), [[START, 6], [START + HOUR, 5]]);
  assert.deepEqual(groups.map(({ name, total }) => [name, total.requests]), [["paid", 9], ["free", 1], [null, 1]]);
});

Deno.test("models are named behind their provider, keys by their names", () => {
  const hours = [{ start: START, cells: [cell({ provider: "up", upstreamModel: "m", key: "alice", requests: 1 })] }];
  const nameBy = (by: "model" | "key") =>
    overviewOf(hours, { from: START, to: START + HOUR, by, pricesOf }).groups[0]?.name;
  assert.deepEqual([nameBy("model"), nameBy("key")], ["up/m", "alice"]);
});

Deno.test("the cost is that of the priced ones; where nothing is priced it is unknown, and without any token it is 0", () => {
  const paid = cell({ provider: "paid", requests: 2, tokens: tokens(1e6, 1e5) });
  const free = cell({ provider: "free", requests: 3, tokens: tokens(5, 5) });
  const failed = cell({ provider: "free", requests: 1, errors: 1 });
  const costOf = (...cells: Cell[]) => {
    const { total } = overviewOf([{ start: START, cells }], { from: START, to: START, by: "key", pricesOf });
    return [total.total.cost, total.total.unpriced];
  };
  assert.deepEqual(costOf(paid, free), [2, 3]);
  assert.deepEqual(costOf(free), [null, 3]);
  assert.deepEqual(costOf(free, failed), [null, 3], "a request that failed does not make the others cost nothing");
  assert.deepEqual(costOf(failed), [0, 0]);
});

Deno.test("a range of a week is told by the hour, one that is longer by the day", () => {
  assert.equal(spanOf({ from: START, to: START + 7 * DAY }), HOUR);
  assert.equal(spanOf({ from: START, to: START + 7 * DAY + 1 }), DAY);
});

Deno.test("a range of more than a week is told by the day, with percentiles over all that each day measured", () => {
  const hours = [1, 3, 25].map((at) => {
    const measured = cell({ requests: 1 });
    for (const value of [100, 200, 1000]) count(measured.ttft, value * at);
    return { start: START + at * HOUR, cells: [measured] };
  });
  const { total, span } = overviewOf(hours, { from: START, to: START + 30 * DAY, by: "key", pricesOf });
  assert.equal(span, DAY);
  assert.deepEqual(total.buckets.map(({ at, requests }) => [at, requests]), [[START, 2], [START + DAY, 1]]);
  const { p50, p99 } = total.buckets[0]!.ttft!;
  assert.ok(Math.abs(p50 / 300 - 1) < 0.05 && Math.abs(p99 / 3000 - 1) < 0.05, `${p50} ${p99}`);
  assert.equal(total.total.tpot, null);
});
