/** Service tiers: the API's words and the neutral ones, which are OpenAI's. */

const NEUTRAL: ReadonlyMap<string, string> = new Map([["unspecified", "auto"], ["standard", "default"]]);
const NATIVE: ReadonlyMap<string, string> = new Map([...NEUTRAL].map(([native, neutral]) => [neutral, native]));

/** The tiers that the API has: https://ai.google.dev/api/generate-content#ServiceTier */
const TIERS: ReadonlySet<string> = new Set(["unspecified", "standard", "flex", "priority"]);

export function parseServiceTier(tier: string | null | undefined): string | undefined {
  return tier ? NEUTRAL.get(tier) ?? tier : undefined;
}

/** `undefined` where the API has no such tier. */
export function formatServiceTier(tier: string): string | undefined {
  const native = NATIVE.get(tier) ?? tier;
  return TIERS.has(native) ? native : undefined;
}
