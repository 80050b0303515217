/** Notes why a request failed, with the status that its client is told: log, metrics and records have it from here. */

import type { GatewayError } from "../chat/error.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Observation } from "./observation.ts";

/** What was noted first stays: a failure behind it is one of clearing up. */
export function noteFailure(observation: Observation, error: GatewayError, { formatError }: Dialect): void {
  observation.error ??= error;
  // Some dialects have statuses of their own.
  observation.errorStatus ??= formatError(observation.error, observation.id).status;
  // Set already where the head was sent before the end was known.
  observation.status ??= observation.errorStatus;
}
