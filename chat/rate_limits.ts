/** How far a limit goes, in the one sense that all dialects' headers are mapped to. */

export interface RateLimit {
  limit: number;
  remaining: number;
  /** When all of it is free again; milliseconds since the epoch; absent where it is not known. */
  resetAt?: number;
}

export const RATE_LIMIT_KINDS = ["requests", "tokens"] as const;

export type RateLimits = { [Kind in (typeof RATE_LIMIT_KINDS)[number]]?: RateLimit };
