/** What `GET /metrics` tells: requests, attempts, tokens and times since the process began, as Prometheus counts them. */

import type { Metric } from "prom-client";
import { type Observation, tpotOf } from "../observation.ts";
import type { PlacesState } from "../limits/mod.ts";
import type { GatewayObserver } from "../observer.ts";
import { VERSION } from "../version.ts";
import { createCounter, createHistogram, createReading, type Instrument } from "./instruments.ts";
import type { ModelLabel } from "./model_labels.ts";

export interface Metrics extends GatewayObserver {
  /** All metrics in Prometheus' text format 0.0.4. */
  text(): Promise<string>;
  contentType: string;
}

/** Seconds. From a relay on the same machine to a model that thinks for ten minutes before it says a word. */
const FIRST_TOKEN_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];
/** Seconds. From 1000 tokens a second to one. */
const PER_TOKEN_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.2, 0.4, 1];
/** Seconds, up to the half hour that a request may take. */
const DURATION_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1800];

export function createMetrics(modelLabel: ModelLabel, placesNow: () => PlacesState): Metrics {
  const open = new Set<Observation>();
  const count = createCounts();
  const instruments = [...readings(open, placesNow), ...Object.values(count)];
  return {
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    async text() {
      const { default: { Registry } } = await import("prom-client");
      // One of its own: the library's global one would be shared by every gateway of a test run.
      const registry = new Registry();
      // It asks of a metric no more than its name, and to be given what it holds.
      for (const instrument of instruments) registry.registerMetric(instrument as unknown as Metric);
      return await registry.metrics();
    },
    started: (observation) => void open.add(observation),
    finished(observation, now) {
      open.delete(observation);
      const { dialect, status, end, usage, ttft, startedAt } = observation;
      const origin = { provider: observation.provider ?? "none", model: modelLabel(observation) };
      count.requests.add({ ...origin, dialect, status: String(status ?? "none"), end: end ?? "none" });
      for (const { provider, outcome } of observation.attempts) count.attempts.add({ provider, outcome });
      if (usage !== undefined) {
        const { input, output, cached = 0, reasoning = 0 } = usage;
        const kinds = { input, output, cached, reasoning };
        for (const [kind, tokens] of Object.entries(kinds)) count.tokens.add({ ...origin, kind }, tokens);
      }
      const tpot = tpotOf(observation);
      if (ttft !== undefined) count.firstToken.observe(origin, ttft / 1000);
      if (tpot !== undefined) count.perToken.observe(origin, tpot / 1000);
      count.duration.observe(origin, (now - startedAt) / 1000);
    },
  };
}

/** How full this instance is, and what it runs. */
function readings(open: ReadonlySet<Observation>, placesNow: () => PlacesState): Instrument[] {
  return [
    createReading({
      type: "gauge",
      name: "anystream_open_streams",
      help: "Streams that are being answered now.",
      // Whether a request wants a stream is known only when its body was read.
      read: () => [...open].filter(({ stream }) => stream).length,
    }),
    createReading({
      type: "gauge",
      name: "anystream_running_requests",
      help: "Requests that are being answered now.",
      read: () => placesNow().running,
    }),
    createReading({
      type: "gauge",
      name: "anystream_queued_requests",
      help: "Requests that wait for a place.",
      read: () => placesNow().queued,
    }),
    createReading({
      type: "counter",
      name: "anystream_refused_requests_total",
      help: "Requests refused as all places of the instance, or of their key, were taken.",
      read: () => placesNow().refused,
    }),
    createReading({
      type: "gauge",
      name: "anystream_build_info",
      help: "Always 1.",
      labels: { version: VERSION, deno: Deno.version.deno },
      read: () => 1,
    }),
  ];
}

function createCounts() {
  return {
    requests: createCounter({
      name: "anystream_requests_total",
      help: "Requests for an answer that have ended, by the status the client got and how the answer ended.",
    }),
    attempts: createCounter({
      name: "anystream_attempts_total",
      help: "Attempts at upstreams, by what came of them.",
    }),
    tokens: createCounter({
      name: "anystream_tokens_total",
      help: "Tokens, told by the upstream or else estimated. cached is part of input, reasoning part of output.",
    }),
    firstToken: createHistogram({
      name: "anystream_time_to_first_token_seconds",
      help: "Time from the request to the first content.",
      buckets: FIRST_TOKEN_BUCKETS,
    }),
    perToken: createHistogram({
      name: "anystream_time_per_output_token_seconds",
      help: "Time per output token after the first content.",
      buckets: PER_TOKEN_BUCKETS,
    }),
    duration: createHistogram({
      name: "anystream_request_duration_seconds",
      help: "Time from the request to the end of its answer.",
      buckets: DURATION_BUCKETS,
    }),
  };
}
