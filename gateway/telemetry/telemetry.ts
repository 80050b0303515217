/** Traces and metrics for OpenTelemetry, through the runtime's own exporter: `OTEL_DENO=true`. */

import { type Attributes, type Context, context, createNoopMeter, metrics, trace } from "@opentelemetry/api";
import type { Config } from "../config/mod.ts";
import type { ModelLabel } from "../metrics/mod.ts";
import type { Observation } from "../observation.ts";
import type { GatewayObserver } from "../observer.ts";
import { VERSION } from "../version.ts";
import { createInstruments } from "./instruments.ts";
import { createProviderName, operationOf } from "./names.ts";
import { writeSpans } from "./spans.ts";

const NAME = "anystream";

/** `undefined` where the runtime measures nothing. */
export function createTelemetry(config: Config, modelLabel: ModelLabel): GatewayObserver | undefined {
  const meter = metrics.getMeter(NAME, VERSION);
  // Without a provider of meters the API hands out this one.
  if (meter === createNoopMeter()) return undefined;
  const tracer = trace.getTracer(NAME, VERSION);
  const instruments = createInstruments(meter);
  const providerName = createProviderName(config);
  const parents = new WeakMap<Observation, Context>();
  const attributesOf = (observation: Observation): Attributes => ({
    "gen_ai.operation.name": operationOf(observation),
    "gen_ai.provider.name": observation.provider === undefined ? "none" : providerName(observation.provider),
    "gen_ai.request.model": modelLabel(observation),
  });
  return {
    started: (observation) => void parents.set(observation, context.active()),
    chunk: (observation, gap) => instruments.chunk(gap / 1000, attributesOf(observation)),
    finished(observation, now) {
      const parent = parents.get(observation) ?? context.active();
      writeSpans(tracer, observation, { parent, endedAt: now, providerName });
      // Embeddings have metrics of their own in the conventions.
      if (observation.operation === "embeddings") return;
      const seconds = (now - observation.startedAt) / 1000;
      instruments.finished(observation, { seconds, attributes: attributesOf(observation) });
    },
  };
}
