import assert from "node:assert/strict";
import { DAY, fitsAt, type Gauge, gaugesOf, type Measure, MINUTE } from "../../../gateway/limits/measures.ts";

const BEGIN = Date.UTC(2026, 10, 25, 12);
const NOW = BEGIN + 6_000;
const LIMITS = { requestsPerMinute: 10, tokensPerDay: 10 };

/** The first limit on the measure, and how much of it is used at that time, of what was counted in these spans until now. */
function gaugeAt(measure: Measure, counted: Record<number, number>, now: number): Gauge {
  const [gauge] = gaugesOf(LIMITS, measure, { sumOf: (span) => counted[span] ?? 0, now });
  return gauge ?? assert.fail(measure);
}

Deno.test("E12 the time that is told to who is over a minute's limit is the first at which the request fits", () => {
  const minute = BEGIN / MINUTE;
  const cases: [before: number, current: number, amount: number, seconds: number][] = [
    [10, 0, 1, 6],
    [10, 5, 1, 36],
    [10, 9, 1, 60],
    [10, 10, 1, 66],
    [0, 10, 1, 66],
    [4, 10, 10, 120],
    [20, 0, 5, 45],
  ];
  for (const [before, current, amount, seconds] of cases) {
    const counted = { [minute - 1]: before, [minute]: current };
    const gauge = gaugeAt("requests", counted, NOW);
    const at = fitsAt(gauge, amount, { sumOf: (span) => counted[span] ?? 0, now: NOW });
    assert.equal(Math.round((at - BEGIN) / 1000), seconds, `${before} ${current} ${amount}`);
    const usedAt = (time: number) => gaugeAt("requests", counted, time).used;
    assert.ok(usedAt(at + 1) + amount <= gauge.limit, `${usedAt(at + 1)}`);
    if (at > NOW) assert.ok(usedAt(at - 10) + amount > gauge.limit, `${usedAt(at - 10)}`);
  }
});

Deno.test("E12 a day's limit is told to be free with the next day, and what never fits when all of its limit is free", () => {
  const day = Math.floor(BEGIN / DAY);
  const counted = { [day]: 10, [BEGIN / MINUTE]: 3 };
  const sumOf = (span: number) => counted[span] ?? 0;
  assert.equal(fitsAt(gaugeAt("dayTokens", counted, NOW), 1, { sumOf, now: NOW }), (day + 1) * DAY);
  assert.equal(fitsAt(gaugeAt("requests", counted, NOW), 11, { sumOf, now: NOW }), BEGIN + 2 * MINUTE);
});
