/** What the admin routes answer, as the pages read it; the routes are held to these shapes where they are made. */

import type { DialectName } from "../chat/event.ts";
import type { Json } from "../chat/json.ts";
import type { Usage } from "../chat/usage.ts";

/** USD by kind of token, and in all. */
export interface CostShape {
  input: number;
  cached: number;
  cacheWrite: number;
  cacheWriteHour: number;
  output: number;
  reasoning: number;
  total: number;
}

/** A request in a list. Times are milliseconds: `startedAt` since 1970, the others since then. */
export interface RequestRow {
  id: string;
  startedAt: number;
  dialect: DialectName;
  stream: boolean;
  key?: string;
  model?: string;
  provider?: string;
  upstreamModel?: string;
  mode?: "real" | "fake" | "auto";
  status?: number;
  end: "done" | "failed" | "cancelled";
  finish?: string;
  error?: string;
  attempts: number;
  usage?: Usage;
  /** The name of the model's tariff that it is billed by. */
  tariff?: string;
  ttft?: number;
  tpot?: number;
  total: number;
  asked?: string;
  said?: string;
  /** `null` where it is not known: that is not 0. */
  cost: CostShape | null;
}

/** A request that has not ended. */
export interface RunningRow {
  id: string;
  startedAt: number;
  dialect: DialectName;
  stream: boolean;
  key?: string;
  model?: string;
  provider?: string;
  /** Pieces of content so far. */
  chunks: number;
  ttft?: number;
}

export interface RequestPageShape {
  requests: RequestRow[];
  /** Where the next page begins; `null` where there is none. A page that ran late may be short, even empty, and have one. */
  next: string | null;
}

export interface BodyShape {
  /** Absent where only the beginning of the text is kept, or where it is no JSON. */
  json?: Json;
  text?: string;
  bytes: number;
  capped?: true;
}

export interface RequestDetail extends RequestRow {
  http?: {
    method: string;
    path: string;
    address?: string;
    forwardedFor?: string;
    userAgent?: string;
    headers?: Record<string, string>;
    received?: number;
    sent?: number;
  };
  failure?: { kind: string; code?: string; message: string; status: number; detail?: string };
  tried: {
    provider: string;
    model: string;
    streamed: boolean;
    outcome: string;
    broke?: string;
    start: number;
    end: number;
    detail?: string;
  }[];
  lost: { path: string; reason?: string }[];
  chunks: number;
  tokensPerSecond?: number;
  timeline: { firstContent?: number; lastContent?: number; end: number };
  request?: BodyShape;
  answer?: BodyShape;
  /** Whose bodies are kept now. */
  bodies: "off" | "errors" | "full";
}

export interface PercentilesShape {
  p50: number;
  p90: number;
  p99: number;
}

export interface FiguresShape {
  requests: number;
  errors: number;
  cancelled: number;
  /** Prompt and completion tokens, each with all that is part of it. */
  input: number;
  output: number;
  cached: number;
  reasoning: number;
  /** USD, of what has known prices; `null` where nothing has. */
  cost: number | null;
  /** Requests whose cost is not known. */
  unpriced: number;
  /** Milliseconds; `null` where nothing was measured. */
  ttft: PercentilesShape | null;
  tpot: PercentilesShape | null;
}

export interface SeriesShape {
  /** The provider, the upstream's model behind its provider's name, or the key; `null` for requests that had none. */
  name: string | null;
  total: FiguresShape;
  /** Only those in which something happened. */
  buckets: (FiguresShape & { at: number })[];
}

export interface OverviewShape {
  from: number;
  to: number;
  /** Milliseconds that a bucket spans. */
  span: number;
  total: SeriesShape;
  /** The busiest first. */
  groups: SeriesShape[];
}
