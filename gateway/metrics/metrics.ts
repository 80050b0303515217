/** What `GET /metrics` tells: requests, attempts, tokens and times since the process began, as Prometheus counts them. */

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type Observation, tpotOf } from "../observation.ts";
import type { PlacesState } from "../limits/mod.ts";
import type { GatewayObserver } from "../observer.ts";
import { VERSION } from "../version.ts";
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
  // A registry of its own: prom-client's global one would be shared by every gateway of a test run.
  const registry = new Registry();
  const open = new Set<Observation>();
  const count = createInstruments(registry, open);
  tellPlaces(registry, placesNow);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    started: (observation) => void open.add(observation),
    finished(observation, now) {
      open.delete(observation);
      const { dialect, status, end, usage, ttft, startedAt } = observation;
      const origin = { provider: observation.provider ?? "none", model: modelLabel(observation) };
      count.requests.inc({ ...origin, dialect, status: String(status ?? "none"), end: end ?? "none" });
      for (const { provider, outcome } of observation.attempts) count.attempts.inc({ provider, outcome });
      if (usage !== undefined) {
        const { input, output, cached = 0, reasoning = 0 } = usage;
        const kinds = { input, output, cached, reasoning };
        for (const [kind, tokens] of Object.entries(kinds)) count.tokens.inc({ ...origin, kind }, tokens);
      }
      const tpot = tpotOf(observation);
      if (ttft !== undefined) count.firstToken.observe(origin, ttft / 1000);
      if (tpot !== undefined) count.perToken.observe(origin, tpot / 1000);
      count.duration.observe(origin, (now - startedAt) / 1000);
    },
  };
}

/** How full this instance is. */
function tellPlaces(registry: Registry, placesNow: () => PlacesState): void {
  const gauge = (name: string, help: string, read: (state: PlacesState) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(placesNow()));
      },
    });
  gauge("anystream_running_requests", "Requests that are being answered now.", ({ running }) => running);
  gauge("anystream_queued_requests", "Requests that wait for a place.", ({ queued }) => queued);
  let told = 0;
  new Counter({
    name: "anystream_refused_requests_total",
    help: "Requests refused as all places of the instance, or of their key, were taken.",
    registers: [registry],
    collect() {
      const { refused } = placesNow();
      this.inc(refused - told);
      told = refused;
    },
  });
}

function createInstruments(registry: Registry, open: ReadonlySet<Observation>) {
  const registers = [registry];
  const origin = ["provider", "model"] as const;
  const seconds = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, labelNames: origin, buckets, registers });
  new Gauge({
    name: "anystream_open_streams",
    help: "Streams that are being answered now.",
    registers,
    collect() {
      // Whether a request wants a stream is known only when its body was read.
      this.set([...open].filter(({ stream }) => stream).length);
    },
  });
  new Gauge({ name: "anystream_build_info", help: "Always 1.", labelNames: ["version", "deno"], registers })
    .set({ version: VERSION, deno: Deno.version.deno }, 1);
  return {
    requests: new Counter({
      name: "anystream_requests_total",
      help: "Requests for an answer that have ended, by the status the client got and how the answer ended.",
      labelNames: [...origin, "dialect", "status", "end"],
      registers,
    }),
    attempts: new Counter({
      name: "anystream_attempts_total",
      help: "Attempts at upstreams, by what came of them.",
      labelNames: ["provider", "outcome"],
      registers,
    }),
    tokens: new Counter({
      name: "anystream_tokens_total",
      help: "Tokens, told by the upstream or else estimated. cached is part of input, reasoning part of output.",
      labelNames: [...origin, "kind"],
      registers,
    }),
    firstToken: seconds(
      "anystream_time_to_first_token_seconds",
      "Time from the request to the first content.",
      FIRST_TOKEN_BUCKETS,
    ),
    perToken: seconds(
      "anystream_time_per_output_token_seconds",
      "Time per output token after the first content.",
      PER_TOKEN_BUCKETS,
    ),
    duration: seconds(
      "anystream_request_duration_seconds",
      "Time from the request to the end of its answer.",
      DURATION_BUCKETS,
    ),
  };
}
