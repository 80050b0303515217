import assert from "node:assert/strict";
import { closeDay, DAY, readDays, readHours } from "../../records/day_totals.ts";
import { type Cell, createHourTotals, HOUR, hourKey } from "../../records/hour_totals.ts";
import { createMemoryStore } from "../../records/memory_store.ts";
import { countReads } from "../support/counting_store.ts";

const START = 20_000 * DAY;

/** One request of each of two providers in each hour of four days, and what is read of it. */
async function fourDays() {
  const store = createMemoryStore({ now: () => START, limit: 1e8 });
  for (let hour = START; hour < START + 4 * DAY; hour += HOUR) {
    for (const provider of ["a", "b"]) {
      const totals = createHourTotals();
      totals.add({
        ...{ id: "r", startedAt: hour, dialect: "anthropic", stream: true, end: "done", attempts: 1, total: 1 },
        ...{ provider, ttft: 100, usage: { input: 3, output: 2 } },
      });
      await store.set(hourKey(hour, `instance-${provider}`), totals.cells());
    }
  }
  const counted = countReads(store);
  return counted;
}

const requestsIn = (counted: readonly { cells: Cell[] }[]) =>
  counted.flatMap(({ cells }) => cells).reduce((sum, { requests }) => sum + requests, 0);

Deno.test("a closed day is read as one, by provider, model and key, and what is not closed by its hours", async () => {
  const { store } = await fourDays();
  const range = { from: START + 5 * HOUR, to: START + 4 * DAY - 1 };
  const before = requestsIn(await readDays(store, range));
  for (const day of [1, 2]) await closeDay(store, START + day * DAY, { expireIn: DAY });
  const counted = await readDays(store, range);
  assert.equal(before, (4 * 24 - 5) * 2);
  assert.equal(requestsIn(counted), before);
  const closed = counted.filter(({ start }) => start === START + DAY || start === START + 2 * DAY);
  assert.deepEqual(closed.map(({ cells }) => cells.map(({ provider, requests }) => [provider, requests])), [
    [["a", 24], ["b", 24]],
    [["a", 24], ["b", 24]],
  ]);
  assert.deepEqual(closed[0]?.cells[0]?.tokens, {
    ...{ input: 72, cached: 0, cacheWrite: 0, cacheWriteHour: 0, output: 48, reasoning: 0 },
  });
  assert.deepEqual(closed[0]?.cells[0]?.ttft.counts, [24]);
});

Deno.test("days that lie in part outside of what is asked for are read by their hours, and nothing twice", async () => {
  const { store } = await fourDays();
  for (const day of [0, 1, 2, 3]) await closeDay(store, START + day * DAY, { expireIn: DAY });
  for (
    const [from, to] of [[0, 4 * DAY - 1], [HOUR, 3 * DAY], [DAY, 2 * DAY - 1], [2 * HOUR, 3 * HOUR], [
      -9 * DAY,
      9 * DAY,
    ]] as const
  ) {
    const range = { from: START + from, to: START + to };
    assert.equal(requestsIn(await readDays(store, range)), requestsIn(await readHours(store, range)), `${from} ${to}`);
  }
});

Deno.test("a day is added up once", async () => {
  const { store, entries } = await fourDays();
  await closeDay(store, START, { expireIn: DAY });
  assert.ok(entries() >= 48);
  await closeDay(store, START, { expireIn: DAY });
  assert.equal(entries(), 0);
});

Deno.test("of a few hours among many no more than a few are read", async () => {
  const { store, entries } = await fourDays();
  const counted = await readHours(store, { from: START, to: START + 2 * HOUR - 1 });
  assert.equal(requestsIn(counted), 4);
  assert.ok(entries() <= 6, "two hours by two instances, and what shows that they were the last");
});
