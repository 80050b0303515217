import assert from "node:assert/strict";
import type { Histogram } from "../../records/histogram.ts";
import { addTotals, createHourTotals, noTotals } from "../../records/hour_totals.ts";
import type { RequestSummary } from "../../records/request_record.ts";

const SUMMARY: RequestSummary = {
  id: "r",
  startedAt: 1,
  dialect: "openai_chat",
  stream: true,
  end: "done",
  attempts: 1,
  total: 9,
};

Deno.test("requests are counted by provider, model and key, a client that left is no error", () => {
  const totals = createHourTotals();
  const up = { provider: "up", upstreamModel: "m", key: "alice" };
  totals.add({ ...SUMMARY, ...up, usage: { input: 10, cached: 4, output: 3 }, ttft: 100, tpot: 10 });
  totals.add({ ...SUMMARY, ...up, end: "failed", usage: { input: 1, output: 0 } });
  totals.add({ ...SUMMARY, ...up, end: "cancelled", key: "bob" });
  const [first, second, ...more] = totals.cells();
  assert.deepEqual(more, []);
  assert.deepEqual([first?.requests, first?.errors, first?.cancelled, first?.key], [2, 1, 0, "alice"]);
  assert.deepEqual([first?.tokens.input, first?.tokens.cached, first?.tokens.output], [7, 4, 3]);
  assert.deepEqual([second?.requests, second?.errors, second?.cancelled, second?.key], [1, 0, 1, "bob"]);
});

Deno.test("a request without content has no times, and is none of those whose times are told", () => {
  const totals = createHourTotals();
  totals.add({ ...SUMMARY, ttft: 100, tpot: 10 });
  totals.add({ ...SUMMARY, ttft: 100 });
  totals.add(SUMMARY);
  const [cell] = totals.cells();
  assert.equal(cell?.requests, 3);
  const told = ({ counts }: Histogram) => counts.reduce((sum, times) => sum + times, 0);
  assert.deepEqual([told(cell.ttft), told(cell.tpot)], [2, 1]);
});

Deno.test("cells are added up by all that they count", () => {
  const totals = createHourTotals();
  const usage = { input: 12, cached: 4, cacheWrite: 3, output: 5, reasoning: 1 };
  totals.add({ ...SUMMARY, provider: "one", usage, ttft: 100, tpot: 10 });
  totals.add({ ...SUMMARY, provider: "one", end: "failed" });
  totals.add({ ...SUMMARY, provider: "one", end: "cancelled" });
  const [cell] = totals.cells();
  assert.ok(cell !== undefined);
  const { provider: _, ...once } = cell;
  const sum = noTotals();
  addTotals(sum, cell);
  assert.deepEqual(sum, once);
  addTotals(sum, cell);
  assert.deepEqual([sum.requests, sum.errors, sum.cancelled], [6, 2, 2]);
  const twice = Object.entries(once.tokens).map(([tier, tokens]) => [tier, 2 * tokens]);
  assert.deepEqual(sum.tokens, Object.fromEntries(twice));
  assert.deepEqual(sum.ttft.counts, once.ttft.counts.map((times) => 2 * times));
});

Deno.test("what was billed by a tariff is counted beside what was not, as its tokens have other prices", () => {
  const totals = createHourTotals();
  const up = { ...SUMMARY, provider: "up", upstreamModel: "m" };
  totals.add({ ...up, usage: { input: 10, output: 1 } });
  totals.add({ ...up, usage: { input: 900, output: 1 }, tariff: "long" });
  assert.deepEqual(totals.cells().map(({ tariff, tokens }) => [tariff, tokens.input]), [[undefined, 10], [
    "long",
    900,
  ]]);
});

Deno.test("ever new models and keys make no more than so many cells, and no request is lost", () => {
  const totals = createHourTotals();
  for (let at = 0; at < 1_000; at++) {
    totals.add({ ...SUMMARY, provider: "up", upstreamModel: `m${at}` });
    // As of requests that no provider was asked for.
    totals.add({ ...SUMMARY, key: `k${at}` });
  }
  const cells = totals.cells();
  assert.ok(cells.length <= 501, String(cells.length));
  const sum = noTotals();
  for (const cell of cells) addTotals(sum, cell);
  assert.equal(sum.requests, 2_000);
});
