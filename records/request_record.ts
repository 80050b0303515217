/** What is kept of one request: the summary that lists are made of, and its details. */

import type { DialectName } from "../chat/event.ts";
import type { ErrorKind } from "../chat/error.ts";
import type { Loss } from "../chat/request.ts";
import type { Usage } from "../chat/usage.ts";
import type { Verdict } from "../chat/verdict.ts";

/** How an answer can end. */
export const ENDS = ["done", "failed", "cancelled"] as const;
export type End = (typeof ENDS)[number];

/** What a list shows and is filtered by. */
export interface RequestSummary {
  id: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  dialect: DialectName;
  stream: boolean;
  /** The client key's name. */
  key?: string;
  /** As the client called it. */
  model?: string;
  provider?: string;
  upstreamModel?: string;
  mode?: "real" | "fake" | "auto";
  /** The HTTP status the client got. */
  status?: number;
  end: End;
  finish?: string;
  /** The error's code, or its kind. */
  error?: string;
  /** How often upstreams were asked. */
  attempts: number;
  usage?: Usage;
  /** The name of the model's tariff that it is billed by, as the prices were then. */
  tariff?: string;
  /** Milliseconds from the request to its first content. */
  ttft?: number;
  /** Milliseconds per output token after the first. */
  tpot?: number;
  /** Milliseconds from the request to its end. */
  total: number;
  /** The beginnings of what was asked last and answered, where bodies are kept. */
  asked?: string;
  said?: string;
}

/** The rest. */
export interface RequestDetails {
  http?: HttpDetails;
  failure?: Failure;
  tried: Attempt[];
  lost: Loss[];
  /** Pieces of the answer that had content. */
  chunks: number;
  /** Output tokens a second, from the first content to the last. */
  tokensPerSecond?: number;
  timeline: Timeline;
  /** The client's JSON. */
  request?: StoredBody;
  /** The whole answer in the neutral form, put together from its pieces: a `Reply`. */
  answer?: StoredBody;
}

export interface RequestRecord extends RequestSummary, RequestDetails {}

export interface HttpDetails {
  method: string;
  /** Without its query. */
  path: string;
  /** Whoever connected, a proxy included. */
  address?: string;
  /** What proxies said of the client: anyone can claim it. */
  forwardedFor?: string;
  userAgent?: string;
  /** Those of the request, but for credentials, where its body is kept as well. */
  headers?: Record<string, string>;
  /** Sizes in bytes; the answer's is without keep-alives. */
  received?: number;
  sent?: number;
}

export interface Failure {
  kind: ErrorKind;
  code?: string;
  message: string;
  status: number;
  /** What the upstream said. */
  detail?: string;
}

export interface Attempt {
  provider: string;
  model: string;
  /** The key's place in the provider's pool, from 1. */
  key?: number;
  /** Whether the upstream was asked for a stream. */
  streamed: boolean;
  /** `outrun`: aborted, as another attempt answered first. */
  outcome: Verdict | ErrorKind | "began" | "outrun";
  /** How its stream broke off after it began well, be it in the middle or behind its finish. */
  broke?: ErrorKind;
  /** Milliseconds since the request. */
  start: number;
  end: number;
  detail?: string;
}

/** Milliseconds since the request. */
export interface Timeline {
  firstContent?: number;
  lastContent?: number;
  end: number;
}

/** A JSON text, or its beginning. */
export interface StoredBody {
  text: string;
  /** Of the whole text. */
  bytes: number;
  /** Only the beginning is kept. */
  capped?: true;
}
