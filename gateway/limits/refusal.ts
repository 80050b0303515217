/** What a client is told whose key has used up one of its limits. */

import { GatewayError } from "../../chat/error.ts";
import type { Refused } from "./grants.ts";
import type { Gauge } from "./measures.ts";

const MICRO = 1_000_000;

const WORDS = {
  requestsPerMinute: (limit) => `${limit} requests a minute`,
  tokensPerMinute: (limit) => `${limit} tokens a minute`,
  tokensPerDay: (limit) => `${limit} tokens a day`,
  tokensPerMonth: (limit) => `${limit} tokens a month`,
  moneyPerDay: (limit) => `${limit / MICRO} USD a day`,
  moneyPerMonth: (limit) => `${limit / MICRO} USD a month`,
} as const satisfies Record<Gauge["name"], (limit: number) => string>;

/** What clients try again by themselves is a limit of the minute; the others are not worth their while. */
export function refusalOf({ gauge, amount, fitsAt }: Refused, now: number): GatewayError {
  const { name, limit, measure } = gauge;
  const isOfMinute = measure === "requests" || measure === "tokens";
  const message = amount > limit
    ? `Cannot answer as the request may take ${showAmount(gauge, amount)}, and the API key has ${WORDS[name](limit)}`
    : `Cannot answer as the API key has used its ${WORDS[name](limit)}`;
  return new GatewayError("rate-limit", message, {
    retryAfter: Math.max(fitsAt - now, 1000),
    retryable: isOfMinute && amount <= limit,
  });
}

function showAmount({ measure }: Gauge, amount: number): string {
  return measure === "dayMoney" ? `${amount / MICRO} USD` : `${amount} tokens`;
}
