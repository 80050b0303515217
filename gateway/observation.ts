/** What is noted of one request, from its first byte to how it ended. */

import type { DialectName } from "../chat/event.ts";
import type { ErrorKind, GatewayError } from "../chat/error.ts";
import type { RateLimits } from "../chat/rate_limits.ts";
import type { Reply } from "../chat/reply.ts";
import type { ChatRequest, Loss } from "../chat/request.ts";
import type { Usage } from "../chat/usage.ts";
import type { Verdict } from "../chat/verdict.ts";
import type { HttpDetails } from "../records/request_record.ts";

export const STREAM_MODES = ["real", "fake", "auto"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

/** One attempt at one upstream, and what came of it. */
export interface AttemptNote {
  provider: string;
  model: string;
  /** The key's place in the provider's pool, from 1. */
  key?: number;
  /** Whether the upstream was asked for a stream. */
  streamed: boolean;
  /** `outrun`: aborted, as another attempt answered first. */
  outcome: Verdict | ErrorKind | "began" | "outrun";
  /** Milliseconds since the epoch. */
  startedAt: number;
  milliseconds: number;
  /** What the upstream said, for the log. */
  detail?: string;
  /** How its stream broke off after it began well, be it in the middle or behind its finish. */
  broke?: ErrorKind;
}

export interface Observation {
  id: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  dialect: DialectName;
  /** Absent for an answer in the dialect's own words. */
  operation?: "embeddings";
  stream: boolean;
  /** When the model was known, and when an upstream had something to say. Milliseconds since the epoch. */
  resolvedAt?: number;
  openedAt?: number;
  /** Whose what is kept of it is (`ownerOf`). */
  owner: string;
  /** The client key's name. */
  key?: string;
  /** The model the client asked for. */
  model?: string;
  provider?: string;
  upstreamModel?: string;
  /** What the upstream says of its own limits. */
  upstreamLimits?: RateLimits;
  /** What the upstream says its model is. */
  responseModel?: string;
  mode?: StreamMode;
  attempts: AttemptNote[];
  lost: Loss[];
  /** The HTTP status the client got. */
  status?: number;
  /** How the answer ended. */
  end?: "done" | "failed" | "cancelled";
  error?: GatewayError;
  /** The status that the client's dialect has for the error, whether or not the client was still to be told one. */
  errorStatus?: number;
  /** Milliseconds from the request to the first content. */
  ttft?: number;
  /** Milliseconds from the first content to the last. */
  contentTime?: number;
  /** Beats with content. */
  chunks: number;
  usage?: Usage;
  /** The name of the model's tariff that it is billed by, once it has ended; absent where the plain prices apply. */
  tariff?: string;
  finish?: string;
  http?: HttpDetails;
  /** The client's. */
  headers?: Headers;
  /** The body's text as it came. */
  body?: string;
  request?: ChatRequest;
  /** The answer as far as it came. */
  reply?: Reply;
}

/** Milliseconds per output token after the first (TPOT); `undefined` where it cannot be told. */
export function tpotOf({ contentTime, usage }: Observation): number | undefined {
  if (contentTime === undefined || contentTime === 0 || usage === undefined || usage.output < 2) return undefined;
  return contentTime / (usage.output - 1);
}

/** The observation as the fields of its one log line. */
export function observationFields(observation: Observation, now: number): Record<string, unknown> {
  const { usage, error, lost } = observation;
  return {
    id: observation.id,
    key: observation.key,
    dialect: observation.dialect,
    model: observation.model,
    provider: observation.provider,
    upstream_model: observation.upstreamModel,
    stream: observation.stream,
    mode: observation.mode,
    status: observation.status,
    end: observation.end,
    finish: observation.finish,
    attempts: observation.attempts.length === 0 ? undefined : observation.attempts,
    lost: lost.length === 0 ? undefined : lost.map(({ path }) => path),
    error: error?.code ?? error?.kind,
    error_status: observation.errorStatus,
    detail: error?.detail,
    cause: error?.cause instanceof Error ? error.cause.message : undefined,
    ttft_ms: rounded(observation.ttft),
    tpot_ms: rounded(tpotOf(observation)),
    chunks: observation.chunks,
    input_tokens: usage?.input,
    output_tokens: usage?.output,
    reasoning_tokens: usage?.reasoning,
    cached_tokens: usage?.cached,
    tokens_estimated: usage?.estimated,
    tariff: observation.tariff,
    duration_ms: now - observation.startedAt,
  };
}

function rounded(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 10) / 10;
}
