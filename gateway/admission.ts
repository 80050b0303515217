/** What a request passes before it is answered: a place on this instance, the models of its key, and its key's limits. */

import type { Context } from "hono";
import type { RateLimits } from "../chat/rate_limits.ts";
import type { GatewayEnv } from "./context.ts";
import type { Gateway } from "./gateway.ts";
import { demandModel, type Forecast, limitHeaders, rateLimitsOf } from "./limits/mod.ts";
import type { Observation } from "./observation.ts";
import type { Scope } from "./scope.ts";
import { tellClient } from "./told_headers.ts";

interface Noted {
  context: Context<GatewayEnv>;
  observation: Observation;
}

export interface Arrival extends Noted {
  scope: Scope;
}

/**
 * Before the body is read, so that what is too much costs next to nothing.
 *
 * @throws {GatewayError} `overloaded` or `rate-limit`; or the scope's reason, where the client left the queue
 */
export async function takePlace({ places }: Gateway, { context, observation, scope }: Arrival): Promise<void> {
  await places.take(observation, context.get("client"), scope.signal);
}

/**
 * Lets the request in if its key may use the model and has something left. The limits as they stand are told by headers,
 * whatever comes of it.
 *
 * @throws {GatewayError} `forbidden`, `unknown-model`, `rate-limit` or `quota`
 */
export async function admit(
  { catalog, limits, ports: { now } }: Gateway,
  { context, observation }: Arrival,
  { model, ...forecast }: Forecast & { model: string },
): Promise<void> {
  const client = context.get("client");
  if (client === undefined) return;
  await demandModel(client, model, catalog);
  try {
    await limits.admit(client, observation, forecast);
  } finally {
    tell(rateLimitsOf(limits.gauges(client)), { context, observation }, now());
  }
}

/** Once the upstream has begun: of its own limits those kinds that the client's key has none of (CASES H3). */
export function tellUpstreamLimits({ limits, ports: { now } }: Gateway, { context, observation }: Noted): void {
  const { upstreamLimits } = observation;
  if (upstreamLimits === undefined) return;
  const client = context.get("client");
  const own = client === undefined ? {} : rateLimitsOf(limits.gauges(client));
  tell({ ...upstreamLimits, ...own }, { context, observation }, now());
}

function tell(limits: RateLimits, { context, observation }: Noted, now: number): void {
  for (const [name, value] of Object.entries(limitHeaders(limits, observation.dialect, now))) {
    tellClient(context, name, value);
  }
}
