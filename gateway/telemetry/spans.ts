/** The spans of one request, written when its answer has ended: the request itself, and each attempt as its child. */

import { type Attributes, type Context, SpanKind, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { VERDICTS } from "../../chat/verdict.ts";
import type { AttemptNote, Observation } from "../observation.ts";
import { operationOf, type ProviderName } from "./names.ts";

export interface SpanOptions {
  /** That in which the request began: the server's span is active in it. */
  parent: Context;
  /** Milliseconds since the epoch. */
  endedAt: number;
  providerName: ProviderName;
}

/** Outcomes of attempts that did not fail. */
const GOOD: ReadonlySet<string> = new Set([...VERDICTS, "began", "outrun", "client-gone"]);

export function writeSpans(tracer: Tracer, observation: Observation, options: SpanOptions): void {
  const { startedAt, upstreamModel, error, end } = observation;
  const operation = operationOf(observation);
  // A model that no upstream was asked for stays out of the name: a client can invent any number of them.
  const name = upstreamModel === undefined ? operation : `${operation} ${upstreamModel}`;
  const attributes = requestAttributes(observation, options.providerName);
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime: startedAt, attributes }, options.parent);
  const inside = trace.setSpan(options.parent, span);
  for (const [index, attempt] of observation.attempts.entries()) {
    writeAttempt(tracer, { ...attempt, number: index + 1 }, { ...options, parent: inside });
  }
  if (error !== undefined && end !== "cancelled") span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(options.endedAt);
}

function writeAttempt(tracer: Tracer, attempt: AttemptNote & { number: number }, options: SpanOptions): void {
  const { provider, model, streamed, outcome, startedAt, milliseconds, number } = attempt;
  const failed = !GOOD.has(outcome);
  const span = tracer.startSpan(`attempt ${provider}`, {
    startTime: startedAt,
    attributes: {
      "gen_ai.provider.name": options.providerName(provider),
      "gen_ai.request.model": model,
      "gen_ai.request.stream": streamed,
      "anystream.provider": provider,
      "anystream.attempt.number": number,
      "anystream.attempt.verdict": outcome,
      ...(failed && { "error.type": outcome }),
    },
  }, options.parent);
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(startedAt + milliseconds);
}

/** Nothing that a client or an upstream wrote in prose, no header, no URL: names, counts and times. */
function requestAttributes(observation: Observation, providerName: ProviderName): Attributes {
  const { provider, stream, usage, ttft, error } = observation;
  const told = usage?.estimated ? undefined : usage;
  return withoutGaps({
    "gen_ai.operation.name": operationOf(observation),
    "gen_ai.provider.name": provider === undefined ? undefined : providerName(provider),
    "gen_ai.request.model": observation.upstreamModel ?? observation.model,
    "gen_ai.request.stream": stream,
    "gen_ai.response.model": observation.responseModel,
    "gen_ai.response.finish_reasons": observation.finish === undefined ? undefined : [observation.finish],
    "gen_ai.response.time_to_first_chunk": stream && ttft !== undefined ? ttft / 1000 : undefined,
    "gen_ai.usage.input_tokens": told?.input,
    "gen_ai.usage.output_tokens": told?.output,
    "gen_ai.usage.cache_read.input_tokens": told?.cached,
    "gen_ai.usage.reasoning.output_tokens": told?.reasoning,
    "error.type": error?.kind,
    "anystream.request_id": observation.id,
    "anystream.dialect": observation.dialect,
    "anystream.model": observation.model,
    "anystream.provider": provider,
    "anystream.stream_mode": observation.mode,
    "anystream.end": observation.end,
  });
}

function withoutGaps(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
