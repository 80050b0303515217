/** Token counts of one answer, in the one sense that all dialects are mapped to. */

export interface Usage {
  /** All prompt tokens, cached ones included. */
  input: number;
  /** All completion tokens, reasoning included. */
  output: number;
  /** Prompt tokens read from the upstream's cache; part of `input`. */
  cached?: number;
  /** Prompt tokens written to the upstream's cache (for five minutes where tiers exist); part of `input`. */
  cacheWrite?: number;
  /** Prompt tokens written to the cache for an hour; part of `input`, not of `cacheWrite`. */
  cacheWriteHour?: number;
  /** Tokens spent thinking; part of `output`. */
  reasoning?: number;
  /** True where the upstream gave no counts and we counted ourselves. */
  estimated?: boolean;
}
