/**
 * The conventions' metrics of an inference, with the boundaries they ask for.
 * https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md (November 2026;
 * until that summer the same were called `gen_ai.client.operation.…`), and gen-ai-token-metrics.md beside it.
 */

import type { Attributes, Meter } from "@opentelemetry/api";
import type { Usage } from "../../chat/usage.ts";
import type { Observation } from "../observation.ts";

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power);

export interface Instruments {
  /** Seconds between two chunks of one stream. */
  chunk(gap: number, attributes: Attributes): void;
  finished(observation: Observation, options: { seconds: number; attributes: Attributes }): void;
}

export function createInstruments(meter: Meter): Instruments {
  const seconds = (name: string, description: string) =>
    meter.createHistogram(`gen_ai.client.inference.${name}`, { unit: "s", description, advice: boundaries(SECONDS) });
  const duration = seconds("duration", "GenAI client inference operation duration.");
  const firstChunk = seconds("time_to_first_chunk", "Time from the request to the first chunk of a stream.");
  const perChunk = seconds("time_per_output_chunk", "Time between two chunks of a stream.");
  const countTokens = createTokenInstruments(meter);
  return {
    chunk: (gap, attributes) => perChunk.record(gap, attributes),
    finished({ end, error, stream, ttft, usage }, { seconds, attributes }) {
      const failed = error !== undefined && end !== "cancelled";
      duration.record(seconds, { ...attributes, ...(failed && { "error.type": error.kind }) });
      if (stream && ttft !== undefined) firstChunk.record(ttft / 1000, attributes);
      // Only what a provider told is reported: an estimate would pass for a bill.
      if (usage !== undefined && !usage.estimated) countTokens(usage, attributes);
    },
  };
}

function createTokenInstruments(meter: Meter): (usage: Usage, attributes: Attributes) => void {
  const counter = (name: string, description: string) =>
    meter.createCounter(`gen_ai.client.inference.usage.${name}`, { unit: "{token}", description });
  const histogram = (name: string, description: string) =>
    meter.createHistogram(`gen_ai.client.inference.operation.${name}`, {
      unit: "{token}",
      description,
      advice: boundaries(TOKENS),
    });
  const input = counter("input_tokens", "Input tokens, cached ones included.");
  const output = counter("output_tokens", "Output tokens, reasoning included.");
  const cached = counter("cache_read.input_tokens", "Input tokens read from the provider's cache.");
  const written = counter("cache_write.input_tokens", "Input tokens written to the provider's cache.");
  const reasoning = counter("reasoning.output_tokens", "Output tokens spent on reasoning.");
  const inputOfOne = histogram("input_tokens", "Input tokens of one operation.");
  const outputOfOne = histogram("output_tokens", "Output tokens of one operation.");
  return (usage, attributes) => {
    const counted = { ...attributes, "gen_ai.token.modality": "unknown" };
    input.add(usage.input, counted);
    output.add(usage.output, counted);
    if (usage.cached !== undefined) cached.add(usage.cached, counted);
    const { cacheWrite, cacheWriteHour } = usage;
    if ((cacheWrite ?? cacheWriteHour) !== undefined) written.add((cacheWrite ?? 0) + (cacheWriteHour ?? 0), counted);
    if (usage.reasoning !== undefined) reasoning.add(usage.reasoning, counted);
    inputOfOne.record(usage.input, attributes);
    outputOfOne.record(usage.output, attributes);
  };
}

function boundaries(explicitBucketBoundaries: number[]) {
  return { explicitBucketBoundaries };
}
