/** Service tiers: the words of Messages and the neutral ones, which are OpenAI's. */

import type { ChatRequest } from "../../chat/request.ts";
import type { LossList } from "../losses.ts";

const NEUTRAL: ReadonlyMap<string, string> = new Map([["auto", "auto"], ["standard_only", "default"]]);
const NATIVE: ReadonlyMap<string, string> = new Map([...NEUTRAL].map(([native, neutral]) => [neutral, native]));

export function parseTier(tier: string | null | undefined): string | undefined {
  return tier ? NEUTRAL.get(tier) ?? tier : undefined;
}

/** The tier in the API's words; one that it does not know is its own client's, or a loss. */
export function formatTier(
  { serviceTier: tier }: ChatRequest,
  { lost, isOwn }: { lost: LossList; isOwn: boolean },
): string | undefined {
  if (tier === undefined) return undefined;
  return NATIVE.get(tier) ?? (isOwn ? tier : lost.add("serviceTier", "Messages has no such tier"));
}
