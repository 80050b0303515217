import assert from "node:assert/strict";
import { readModels } from "../../gateway/catalog/read_models.ts";
import { tariffOf } from "../../gateway/tariff.ts";

const PRICES = { input: 1, output: 2 };
const usage = { input: 1_000 };
const at = (time: string) => ({ usage, endedAt: Date.parse(time) });

Deno.test("a long prompt is one of more tokens than the tariff says, cached ones included; one that nobody counted is none", () => {
  const prices = { ...PRICES, tariffs: { longest: { above: 2_000 }, long: { above: 1_000 } } };
  const endedAt = 0;
  const cases = [[1_000, undefined], [1_001, "long"], [2_001, "longest"]] as const;
  for (const [input, name] of cases) assert.equal(tariffOf(prices, { usage: { input }, endedAt }), name, `${input}`);
  assert.equal(tariffOf(prices, { usage: undefined, endedAt }), undefined);
});

Deno.test("hours and days are those of UTC, an hour's end is no part of it, and all that a tariff names must hold", () => {
  const prices = {
    ...PRICES,
    tariffs: { peak: { days: ["mon" as const], hours: [[1, 4], [6, 24]] as [number, number][] } },
  };
  const cases = {
    "2026-11-30T00:59:59Z": undefined,
    "2026-11-30T01:00:00Z": "peak",
    "2026-11-30T03:59:59Z": "peak",
    "2026-11-30T04:00:00Z": undefined,
    "2026-11-30T23:59:59Z": "peak",
    "2026-11-29T02:00:00Z": undefined,
    "2026-12-01T02:00:00Z": undefined,
  };
  for (const [time, name] of Object.entries(cases)) assert.equal(tariffOf(prices, at(time)), name, time);
});

Deno.test("a price until a day holds to the end of the day before", () => {
  const prices = { ...PRICES, tariffs: { launch: { until: "2026-12-01" } } };
  assert.equal(tariffOf(prices, at("2026-11-30T23:59:59.999Z")), "launch");
  assert.equal(tariffOf(prices, at("2026-12-01T00:00:00Z")), undefined);
});

Deno.test("without prices or tariffs there is none", () => {
  assert.equal(tariffOf(undefined, at("2026-12-01T00:00:00Z")), undefined);
  assert.equal(tariffOf(PRICES, at("2026-12-01T00:00:00Z")), undefined);
});

Deno.test("a tariff that nobody could apply is a mistake that is told of, with what was expected", () => {
  const told = (tariff: unknown) =>
    readModels({ models: { m: { prices: { ...PRICES, tariffs: { odd: tariff } } } } }).problems.map((each) =>
      JSON.stringify(each)
    ).join();
  for (
    const [tariff, expected] of [
      [{ hours: [[4, 1]] }, /whole hours of UTC/],
      [{ hours: [[1, 25]] }, /whole hours of UTC/],
      [{ hours: "1-4" }, /whole hours of UTC/],
      [{ days: ["monday"] }, /a list of .*mon/],
      [{ until: "1 December" }, /2026-12-31/],
      [{ above: -1 }, /a whole number of tokens/],
      [{ input: -1 }, /USD per million tokens/],
      [{ output: "much" }, /USD per million tokens/],
    ] as const
  ) assert.match(told(tariff), expected, JSON.stringify(tariff));
  assert.equal(told({ above: 1, until: "2026-12-31", days: ["sun"], hours: [[0, 24]], input: 1 }), "");
});
