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

/** What two answers cost together. Of an unknown part the sum knows no more than the other. */
export function addUsage(one: Usage | undefined, other: Usage): Usage {
  if (one === undefined) return other;
  const sum: Usage = { input: one.input + other.input, output: one.output + other.output };
  for (const name of ["cached", "cacheWrite", "cacheWriteHour", "reasoning"] as const) {
    const value = (one[name] ?? 0) + (other[name] ?? 0);
    if (one[name] !== undefined || other[name] !== undefined) sum[name] = value;
  }
  return one.estimated || other.estimated ? { ...sum, estimated: true } : sum;
}
