/** What counts, and how it is written. */

import assert from "node:assert/strict";
import { type Metric, Registry } from "prom-client";
import {
  createCounter,
  createHistogram,
  createReading,
  type Instrument,
} from "../../../gateway/metrics/instruments.ts";

async function linesOf(instrument: Instrument): Promise<string[]> {
  const registry = new Registry();
  registry.registerMetric(instrument as unknown as Metric);
  return (await registry.metrics()).trimEnd().split("\n");
}

Deno.test("a counter sums each series of its own, and never falls", async () => {
  const counter = createCounter({ name: "asked_total", help: "Asked." });
  assert.deepEqual(await linesOf(counter), ["# HELP asked_total Asked.", "# TYPE asked_total counter"]);
  counter.add({ model: "a", end: "done" });
  counter.add({ model: "b", end: "done" }, 4);
  counter.add({ model: "a", end: "done" }, 2);
  for (const nonsense of [-5, NaN]) counter.add({ model: "b", end: "done" }, nonsense);
  assert.deepEqual((await linesOf(counter)).slice(2), [
    'asked_total{model="a",end="done"} 3',
    'asked_total{model="b",end="done"} 4',
  ]);
});

Deno.test("a histogram's buckets hold all up to their bound, and the last one everything", async () => {
  const histogram = createHistogram({ name: "seconds", help: "Seconds.", buckets: [0.5, 1] });
  for (const value of [0.25, 0.5, 0.75, 8]) histogram.observe({ model: "a" }, value);
  assert.deepEqual(await linesOf(histogram), [
    "# HELP seconds Seconds.",
    "# TYPE seconds histogram",
    'seconds_bucket{model="a",le="0.5"} 2',
    'seconds_bucket{model="a",le="1"} 3',
    'seconds_bucket{model="a",le="+Inf"} 4',
    'seconds_sum{model="a"} 9.5',
    'seconds_count{model="a"} 4',
  ]);
});

Deno.test("a reading is taken when somebody asks", async () => {
  let running = 0;
  const bare = createReading({ type: "gauge", name: "running", help: "Running.", read: () => running });
  const labelled = createReading({ type: "gauge", name: "info", help: "1.", labels: { deno: "2" }, read: () => 1 });
  running = 3;
  assert.deepEqual((await linesOf(bare)).slice(1), ["# TYPE running gauge", "running 3"]);
  assert.deepEqual((await linesOf(labelled)).slice(2), ['info{deno="2"} 1']);
});
